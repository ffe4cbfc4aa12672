"""How long to wait before trying again."""

from bot.runtime.backoff import Backoff


def test_waits_double_up_to_the_most() -> None:
    backoff = Backoff(first=1.0, most=10.0)
    assert [backoff.next() for _ in range(6)] == [1, 2, 4, 8, 10, 10]


def test_a_wait_is_no_shorter_than_the_other_side_asked_for() -> None:
    backoff = Backoff(first=1.0, most=10.0)
    assert backoff.next(at_least=30) == 30
    assert backoff.next(at_least=0.5) == 2


def test_success_starts_over_and_tells_whether_there_was_trouble() -> None:
    backoff = Backoff(first=1.0, most=10.0)
    assert not backoff.reset()
    backoff.next()
    backoff.next()
    assert backoff.reset()
    assert backoff.next() == 1


def test_a_thousand_failures_are_no_trouble() -> None:
    backoff = Backoff(first=1.0, most=60.0)
    assert [backoff.next() for _ in range(2000)][-1] == 60
