"""Setting up a practice: the steps of its checklist, and the pages about the practice itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from practice.contributions.registry import Registry


@dataclass(frozen=True)
class SetupStep:
    """A step of the checklist "Set up your practice", judged from the real data.

    `is_done(seat)` costs two queries at most. `url_name` is where it is done, without arguments. `instead` is what an
    admin may say so that the step is done without: a key of `practice.accounts.setting_up.SAID`, and the words.
    """

    title: Any
    help: Any
    icon: str
    url_name: str
    is_done: Callable[[Any], bool]
    instead: tuple[str, Any] | None = None


@dataclass(frozen=True)
class PracticePage:
    """A tab of the pages about the practice, for its admins."""

    label: Any
    url_name: str


SETUP_STEPS: Registry[SetupStep] = Registry("steps of setting up")
PRACTICE_PAGES: Registry[PracticePage] = Registry("pages about the practice")
