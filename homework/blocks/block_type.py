"""What every block type is made of, and the pieces of JSON schema that several share.

A block is plain JSON with `id` and `type`. A draft may be incomplete (an empty question): the schema looks at the
shape only, `problems` says what must be mended before publishing.
"""

import re
from abc import ABC
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.contributions import Registry

SKIPPED: Final[dict[str, Any]] = {"skipped": True}
SHORT, LONG = 300, 20_000
ID: Final = {"type": "string", "pattern": "^[a-z0-9-]{1,40}$"}
LINE: Final = {"type": "string", "maxLength": 300}
WORDS: Final = {"type": "string", "maxLength": 2_000}
NUMBER: Final = {"type": "number", "minimum": -1_000_000_000, "maximum": 1_000_000_000}
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONE_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")

Block = Mapping[str, Any]


class BadAnswer(ValueError):
    """An answer that can't be kept as it is; the message says in words how to mend it."""


class BlockType(ABC):
    """A type of block: how it is made, checked and answered. One subclass and one instance a file.

    Its template has three partials: `edit` (builder), `answer` (portal) and `show` (reading an answer).
    """

    key: ClassVar[str]
    label: ClassVar[Any]
    group: ClassVar[str] = "ask"
    icon: ClassVar[str] = "text"
    asks: ClassVar[bool] = True
    seconds: ClassVar[int] = 30
    fields: ClassVar[dict[str, Any]] = {}
    required: ClassVar[tuple[str, ...]] = ()

    @property
    def template(self) -> str:
        """Return the template with the partials edit, answer and show."""
        return f"homework/blocks/{self.key}.html"

    @property
    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of a block of this type."""
        common: dict[str, Any] = {"id": ID, "type": {"const": self.key}}
        if self.asks:
            common |= {"label": LINE, "help": WORDS}
        return {
            "type": "object",
            "required": ["id", "type", *(["label"] if self.asks else []), *self.required],
            "additionalProperties": False,
            "properties": common | self.fields,
        }

    def new(self, block_id: str) -> dict[str, Any]:
        """Return a fresh block for the builder."""
        block: dict[str, Any] = {"id": block_id, "type": self.key}
        return block | ({"label": ""} if self.asks else {})

    def problems(self, block: Block) -> list[str]:
        """Return what must be mended before publishing, in words."""
        return [_("The question has no words yet.")] if self.asks and not block.get("label", "").strip() else []

    def title(self, block: Block) -> str:
        """Return how lists in the builder call this block."""
        return str(block.get("label") or self.label)

    def words(self, block: Block) -> str:
        """Return what a client reads in this block, for the estimate of minutes."""
        return f"{block.get('label', '')} {block.get('help', '')}"

    def clean_answer(self, block: Block, value: Any) -> Any:
        """Return the answer in its normal form, None when it says nothing. Raises BadAnswer."""
        if not self.asks:
            raise BadAnswer(_("There is nothing to answer here."))
        if value is None:
            return None
        if is_skipped(value):
            return dict(SKIPPED)
        return self.clean(block, value)

    def clean(self, block: Block, value: Any) -> Any:
        """Return the normal form of a value that is neither absent nor skipped. Raises BadAnswer."""
        raise NotImplementedError

    def from_form(self, block: Block, data: Any, name: str) -> Any | None:
        """Return the answer in a plain form post, not yet cleaned; None when nothing was answered."""
        if not self.asks:
            return None
        if data.get(f"{name}-pass") == "1" or data.get(name) == "_skip":
            return dict(SKIPPED)
        return self.read(block, data, name)

    def read(self, block: Block, data: Any, name: str) -> Any | None:
        """Return what the fields `name` and `name-…` say."""
        return data.get(name, "").strip() or None

    def summary(self, block: Block, value: Any) -> str:
        """Return an answer as one line for lists."""
        if value is None:
            return ""
        return _("rather not said") if is_skipped(value) else Truncator(self.line(block, value)).chars(120)

    def line(self, block: Block, value: Any) -> str:
        """Return a given answer as one line."""
        return " ".join(str(value).split())


BLOCK_TYPES: Registry[BlockType] = Registry("block types")
GROUPS: Final = {
    "show": (gettext_lazy("Show"), gettext_lazy("to read or see")),
    "ask": (gettext_lazy("Ask"), gettext_lazy("an answer you both can see")),
    "practise": (gettext_lazy("Practise"), gettext_lazy("something to try out")),
}


def register(kind: type[BlockType], *, order: int) -> BlockType:
    """Add one instance of `kind` to the registry and return it."""
    return BLOCK_TYPES.register(kind.key, kind(), order=order)


def is_skipped(value: Any) -> bool:
    """Return whether the answer is “I would rather not say”."""
    return isinstance(value, dict) and value.get("skipped") is True


def clean_text(value: Any, *, most: int = SHORT) -> str:
    """Return a text with plain line ends and no control characters. Raises BadAnswer when it is too long."""
    if not isinstance(value, str):
        raise BadAnswer(_("Please write this as text."))
    text = CONTROLS.sub("", LONE_SURROGATES.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if len(text) > most:
        raise BadAnswer(_("This is longer than %(most)s characters. Please shorten it a little.") % {"most": most})
    return text


def clean_number(value: Any, *, low: float | None = None, high: float | None = None) -> int | float:
    """Return a finite number in its range. Raises BadAnswer."""
    number = _number(value)
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadAnswer(_range_words(low, high))
    return int(number) if number == int(number) else number


def clean_whole(value: Any, *, low: int, high: int) -> int:
    """Return a whole number in its range. Raises BadAnswer."""
    number = clean_number(value, low=low, high=high)
    if not isinstance(number, int):
        raise BadAnswer(_range_words(low, high))
    return number


def option_labels(options: Any) -> dict[str, str]:
    """Return the labels of options, items or columns by id."""
    return {option["id"]: option["label"] for option in options or []}


def _number(value: Any) -> float:
    if isinstance(value, str):
        value = value.strip().replace("−", "-")
        if value.count(",") == 1 and "." not in value:
            value = value.replace(",", ".")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadAnswer(_("Please write a number, such as 3 or 2.5."))
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise BadAnswer(_("Please write a number, such as 3 or 2.5.")) from None
    if not abs(number) <= 1e15:
        raise BadAnswer(_("Please write a number, such as 3 or 2.5."))
    return number


def _range_words(low: float | None, high: float | None) -> str:
    if high is None:
        return _("Please choose a number from %(low)g.") % {"low": low}
    if low is None:
        return _("Please choose a number up to %(high)g.") % {"high": high}
    return _("Please choose a number from %(low)g to %(high)g.") % {"low": low, "high": high}
