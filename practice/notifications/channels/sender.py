"""What a channel is: something that takes a letter and says what became of it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from practice.notifications.models import Channel


class Outcome(StrEnum):
    """What a provider said, or didn't say."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # a definite no, for now: tried again
    DEAD = "dead"  # a definite no, for good
    BOUNCED = "bounced"  # for good, because the address is no good
    UNSURE = "unsure"  # cut off before the answer: it may have arrived


@dataclass(frozen=True)
class Result:
    """An outcome with the provider's code or reference. `alive`: it refused just this letter, the provider works."""

    outcome: Outcome
    code: str = ""
    reference: str = ""
    alive: bool = False


@dataclass(frozen=True)
class Letter:
    """What is handed to a provider. `reference` is the same at every try, so that a copy can be told."""

    to: str
    subject: str
    text: str
    html: str = ""
    reference: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Sender(ABC):
    """One connection to a provider, opened for a batch."""

    channel: ClassVar[Channel]
    has_provider: ClassVar[bool] = True

    def packed(self, letter: Letter) -> Any:
        """Return what `send` takes: the letter, or what the provider wants it to be."""
        return letter

    @abstractmethod
    def send(self, letter: Any) -> Result:
        """Hand over one letter, `packed`. Never raises for what a provider may do."""

    def per_minute(self) -> int:
        """How many letters the provider takes a minute; 0 when it sets no limit."""
        return 0

    def close(self) -> None:  # noqa: B027 - most channels hold nothing
        """Let go of the connection."""
