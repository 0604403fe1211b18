"""Two who change a care team or arrange leaves at one moment: the second waits, then is told what the first did."""

import pytest

from clients.domain.taking_leave import take_leave
from clients.domain.teaming import hand_over, join_team, leave_team
from clients.events import client_handed_over, leave_changed
from clients.models import CareTeamMember, Leave
from tests.clients.test_leave import plan
from tests.faults.test_archiving_races import Pause, at_the_same_moment
from tests.people import make_world

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]


@pytest.fixture
def held(request):
    """Holds who announces this before they commit."""
    pause = Pause()
    request.param.connect(pause)
    yield pause
    request.param.disconnect(pause)


@pytest.mark.parametrize("held", [client_handed_over], indirect=True)
def test_who_becomes_the_therapist_this_moment_is_not_taken_off_the_team(live_database, held):
    """Else the client would have a therapist who may not open their record."""
    world = make_world()
    client, jonas, by = world.client, world.colleague, {"by": world.therapist, "now": world.now}
    join_team(client=client, user=jonas, **by)
    takes_over, leaves = (
        lambda: hand_over(client=client, to=jonas, **by),
        lambda: leave_team(client=client, user=jonas, **by),
    )
    assert at_the_same_moment(held, takes_over, leaves) == (True, ["Name another primary therapist first."])
    with world.scope():
        assert CareTeamMember.objects.filter(client=client, user=jonas, until=None).exists()


@pytest.mark.today
@pytest.mark.parametrize("held", [leave_changed], indirect=True)
def test_who_is_to_stand_in_does_not_go_on_leave_at_the_same_moment(live_database, held):
    world = make_world()

    def goes(**who):
        return lambda: take_leave(practice=world.practice, plan=plan(world, **who), by=world.lead, now=world.now)

    waited, said = at_the_same_moment(held, goes(), goes(user=world.colleague, stand_in=None))
    assert (waited, [words[:13] for words in said]) == (True, ["Stands in for"])
    with world.scope():
        assert Leave.objects.count() == 1
