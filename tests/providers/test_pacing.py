from types import SimpleNamespace

import pytest

from pytest_compiled_ai.providers.pacing import LONGEST, Pacer, read_seconds


@pytest.fixture
def paced():
    class Paced:
        def __init__(self):
            self.now, self.slept = 100.0, []
            self.pacer = Pacer(lambda: self.now, self.sleep)

        def sleep(self, seconds):
            self.slept.append(seconds)
            self.now += seconds

        def say(self, status, **headers):
            named = {key.replace("_", "-"): value for key, value in headers.items()}
            self.pacer.note(SimpleNamespace(status_code=status, headers=named))

        def wait(self):
            self.slept.clear()
            self.pacer.hold(None)
            return sum(self.slept)

    return Paced()


def test_nothing_is_held_back_before_anybody_asks_for_it(paced):
    paced.say(200)
    paced.say(500)
    assert paced.wait() == 0


@pytest.mark.parametrize("status", [429, 503])
def test_too_many_holds_back_for_as_long_as_it_says(paced, status):
    paced.say(status, retry_after="7")
    assert paced.wait() == pytest.approx(7)
    assert paced.wait() == 0


def test_milliseconds_win_over_seconds(paced):
    paced.say(429, retry_after="7", retry_after_ms="1500")
    assert paced.wait() == pytest.approx(1.5)


def test_a_storm_is_waited_out_longer_each_time_until_an_answer_comes(paced):
    waits = []
    for _ in range(4):
        paced.say(429)
        paced.say(429)
        waits.append(paced.wait())
    assert waits == pytest.approx([0.5, 1, 2, 4])
    paced.say(200)
    paced.say(429)
    assert paced.wait() == pytest.approx(0.5)


def test_no_endpoint_holds_a_run_for_ever(paced):
    paced.say(429, retry_after="86400")
    assert paced.wait() == pytest.approx(LONGEST)


def test_the_last_question_of_a_window_holds_back_the_next(paced):
    paced.say(200, x_ratelimit_remaining_requests="3", x_ratelimit_reset_requests="20s")
    assert paced.wait() == 0
    paced.say(200, x_ratelimit_remaining_requests="0", x_ratelimit_reset_requests="1m2.5s")
    assert paced.wait() == pytest.approx(LONGEST)
    paced.say(200, x_ratelimit_remaining_requests="0", x_ratelimit_reset_requests="20ms")
    assert paced.wait() == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2", 2), (" 0.5 ", 0.5), ("20ms", 0.02), ("6m0s", 360), ("1h2s", 3602), ("", 0), ("soon", 0),
     ("Fri, 31 Dec 1999 23:59:59 GMT", 0), ("-3", 0)],
)  # fmt: skip
def test_durations(text, seconds):
    assert read_seconds(text) == pytest.approx(seconds)
