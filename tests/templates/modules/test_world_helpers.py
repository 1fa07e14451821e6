"""The helpers that talk to others: a database, a server, a mail server."""

from __future__ import annotations

import json
import smtplib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

pytest.importorskip("sqlalchemy")
pytest.importorskip("urllib3")

from sqlalchemy.exc import SQLAlchemyError
from urllib3 import Retry

from pytest_compiled_ai.templates.modules import http
from pytest_compiled_ai.templates.modules.database import _engine, read_rows, write_rows
from pytest_compiled_ai.templates.modules.http import fetch_json, fetch_text, post_json
from pytest_compiled_ai.templates.modules.notification import compose_mail, post_message, send_mail


class Server(ThreadingHTTPServer):
    """Answers with the next of its answers, and remembers what was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = [], []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/a"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.asked.append((self.command, body, self.headers.get("X-Key")))
        status, text = self.server.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(Retry, "sleep", lambda *_: None)
    http._pool.cache_clear()
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        http._pool().clear()
        http._pool.cache_clear()
        made.shutdown()
        thread.join()


def test_what_passes_is_asked_for_again(server):
    server.answers = [(503, ""), (500, ""), (429, ""), (200, "caf\u00e9")]
    assert fetch_text(server.url, {"X-Key": "k"}) == "caf\u00e9"
    assert server.asked == [("GET", "", "k")] * 4


def test_json_goes_both_ways(server):
    server.answers = [(200, '{"EUR": 1.5}'), (200, "no json"), (201, "done")]
    assert fetch_json(server.url) == {"EUR": 1.5}
    with pytest.raises(ValueError, match="Expecting value"):
        fetch_json(server.url)
    assert post_json(server.url, {"id": 7}) == "done"
    assert json.loads(server.asked[-1][1]) == {"id": 7}


@pytest.mark.parametrize(("status", "times"), [(404, 1), (503, 4)])
def test_what_stays_is_told_with_its_status(server, status, times):
    server.answers = [(status, "x")] * times
    with pytest.raises(OSError, match=rf"GET .* was answered with status {status}"):
        fetch_text(server.url)
    assert len(server.asked) == times


def test_what_a_server_may_have_taken_is_not_sent_twice(server):
    server.answers = [(500, "x"), (503, ""), (200, "")]
    with pytest.raises(OSError, match=r"POST .* status 500"):
        post_message(server.url, "Order 7 failed")
    post_message(server.url, "Order 7 failed")
    assert [json.loads(body) for _, body, _ in server.asked] == [{"text": "Order 7 failed"}] * 3


def test_no_connection_is_an_error_of_the_system(server):
    with pytest.raises(OSError, match=r"GET http://127\.0\.0\.1:9/ failed: "):
        fetch_text("http://127.0.0.1:9/")


@pytest.fixture
def shop(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    write_rows(url, "CREATE TABLE items (name TEXT NOT NULL, price INTEGER)", [{}])
    yield url
    _engine(url).dispose()
    _engine.cache_clear()


def test_rows_are_written_and_read(shop):
    insert = "INSERT INTO items VALUES (:name, :price)"
    assert (
        write_rows(shop, insert, [{"name": "tea", "price": 3}, {"name": "x'; DROP TABLE items; --", "price": 9}]) == 2
    )
    assert write_rows(shop, insert, []) == 0
    assert read_rows(shop, "SELECT name FROM items WHERE price < :most", most=5) == [{"name": "tea"}]
    assert len(read_rows(shop, "SELECT * FROM items WHERE name LIKE :part", part="%DROP%")) == 1


def test_all_rows_are_written_or_none(shop):
    insert = "INSERT INTO items VALUES (:name, 1)"
    with pytest.raises(SQLAlchemyError):
        write_rows(shop, insert, [{"name": "tea"}, {"name": None}])
    assert read_rows(shop, "SELECT * FROM items") == []


def test_connections_come_from_one_pool(shop):
    assert read_rows(shop, "SELECT 1 AS one") == [{"one": 1}]
    assert _engine(shop) is _engine(shop)
    assert _engine(shop).pool.checkedin() == 1


class Mailer:
    """Stands for a mail server; `sent` is what it was told to do."""

    sent: ClassVar[list] = []
    can_encipher = True

    def __init__(self, host, port, timeout):
        self.sent.append((host, port, timeout))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sent.append("quit")

    def has_extn(self, name):
        return self.can_encipher

    def __getattr__(self, name):
        return lambda *args, **_: self.sent.append((name, *args))


@pytest.fixture
def mailer(monkeypatch):
    monkeypatch.setattr(Mailer, "sent", [])
    monkeypatch.setattr(smtplib, "SMTP", Mailer)
    return Mailer


def test_a_mail_is_composed_and_sent(mailer):
    mail = compose_mail(
        "shop@example.com", ["ann@example.com", "bob@example.com"], "Order\n 7", "On its way: \u20ac5.\n"
    )
    assert (mail["From"], mail["To"], mail["Subject"]) == (
        "shop@example.com",
        "ann@example.com, bob@example.com",
        "Order 7",
    )
    assert mail.get_content() == "On its way: \u20ac5.\n"
    send_mail("mail.example.com", mail, user="u", password="p")
    names = [step if isinstance(step, str) else step[0] for step in mailer.sent[1:]]
    assert mailer.sent[0] == ("mail.example.com", 587, 30)
    assert names == ["ehlo", "starttls", "login", "send_message", "quit"]


def test_a_server_without_ciphers_gets_no_password(mailer, monkeypatch):
    monkeypatch.setattr(Mailer, "can_encipher", False)
    send_mail("mail.example.com", compose_mail("a@example.com", ["b@example.com"], "", ""), port=25)
    assert [step if isinstance(step, str) else step[0] for step in mailer.sent[1:]] == ["ehlo", "send_message", "quit"]
    with pytest.raises(OSError, match="it gets no password"):
        send_mail("mail.example.com", compose_mail("a@example.com", ["b@example.com"], "", ""), user="u", password="p")
    assert mailer.sent[-2:] == [("ehlo",), "quit"]


@pytest.mark.parametrize(
    ("sender", "recipients"),
    [("a@example.com", []), ("a@example.com\nBcc: c@example.com", ["b@example.com"]), ("a@example.com", ["b\r"])],
)
def test_a_mail_that_would_go_astray_is_refused(sender, recipients):
    with pytest.raises(ValueError, match="a mail needs recipients, and addresses of one line"):
        compose_mail(sender, recipients, "Hi", "there")
