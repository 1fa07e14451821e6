"""Messages to people: by mail, and to a chat that takes messages at an address."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from email.message import EmailMessage
from ssl import create_default_context

from pytest_compiled_ai.templates.modules.http import post_json

__all__ = ["compose_mail", "post_message", "send_mail"]


def compose_mail(sender: str, recipients: Sequence[str], subject: str, body: str) -> EmailMessage:
    """Return a mail in plain text: ("shop@example.com", ["ann@example.com"], "Order 7", "It is on its way.").

    Line ends in the subject become spaces.

    Raises:
        ValueError: there is no recipient, or an address holds a line end.
    """
    if not recipients or any(mark in address for address in (sender, *recipients) for mark in "\r\n"):
        raise ValueError("a mail needs recipients, and addresses of one line")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ", ".join(recipients), " ".join(subject.split())
    mail.set_content(body)
    return mail


def send_mail(host: str, mail: EmailMessage, port: int = 587, user: str = "", password: str = "") -> None:
    """Send a mail over a server, enciphered where the server can: ("mail.example.com", mail).

    Raises:
        OSError: the server cannot be reached, refuses the mail, or would get the password in plain text.
    """
    with smtplib.SMTP(host, port, timeout=30) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=create_default_context())
        elif user:
            raise OSError(f"{host} does not encipher; it gets no password")
        if user:
            server.login(user, password)
        server.send_message(mail)


def post_message(url: str, message: str) -> None:
    """Post a message to a chat's webhook, as Slack and Mattermost take it: (url, "Order 7 failed").

    Raises:
        OSError: it cannot be posted.
    """
    post_json(url, {"text": message})
