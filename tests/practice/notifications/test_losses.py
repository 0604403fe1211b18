"""What is lost while Redis is away is counted, and said without filling the log."""

import pytest

from practice.notifications import nudging
from practice.notifications.losses import EVERY_SECONDS, Losses


@pytest.fixture
def clock():
    """Seconds that stand still until someone moves them."""
    return [0.0]


@pytest.fixture
def losses(clock):
    return Losses("hints", clock=lambda: clock[0])


def test_first_loss_is_told_at_once_and_the_rest_by_the_minute(losses, clock, caplog):
    losses.add(3)
    for _each in range(10):
        losses.add(2)
    assert caplog.messages == ["hints lost: 3 (3 since the start), Redis doesn't take them"]
    clock[0] += EVERY_SECONDS
    losses.add()
    assert caplog.messages[1:] == ["hints lost: 21 (24 since the start), Redis doesn't take them"]


def test_what_was_not_told_is_told_when_it_is_over(losses, caplog):
    losses.add()
    losses.add(4)
    losses.over()
    losses.over()
    assert caplog.messages[1:] == ["hints lost: 4 (5 since the start), they leave again"]
    assert losses.total == 5


def test_where_nothing_is_lost_nothing_is_said(losses, caplog):
    losses.over()
    assert caplog.messages == []


def test_nudge_that_the_broker_refuses_is_counted(monkeypatch):
    monkeypatch.setattr(nudging, "_lost", lost := Losses("nudges"))

    def refuse():
        raise ConnectionError("OOM command not allowed")

    nudging._under_way.acquire()
    nudging._go(refuse)
    assert lost.total == 1
