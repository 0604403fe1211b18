"""In the app: the row itself is what the person sees, so it has arrived when it is written."""

from practice.notifications.channels.sender import Letter, Outcome, Result, Sender
from practice.notifications.models import Channel


class InApp(Sender):
    """Has no provider; rows of this channel are written as delivered."""

    channel = Channel.IN_APP
    has_provider = False

    def send(self, letter: Letter) -> Result:
        """It is there already."""
        return Result(Outcome.ACCEPTED)
