"""What people write: answers by activity, comments, short exchanges of messages. Read from the files beside this."""

import json
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DAYS_ON = re.compile(r"@\+(\d+)")


@cache
def answers_to(slug: str) -> list[dict[str, Any]]:
    """The ways people answered this activity, each by block; empty for a form."""
    path = HERE / "answers" / f"{slug}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


@cache
def comments_on(slug: str) -> list[str]:
    """What therapists wrote about answers to this activity."""
    return json.loads((HERE / "comments.json").read_text(encoding="utf-8")).get(slug, [])


@cache
def exchanges() -> list[list[list[str]]]:
    """Short exchanges, each a list of (who, what)."""
    return json.loads((HERE / "messages.json").read_text(encoding="utf-8"))


def dated(value: Any, sent_on: date) -> Any:
    """The same value with “@+2” replaced by the day two days after it was sent."""
    if isinstance(value, str):
        found = DAYS_ON.fullmatch(value)
        return (sent_on + timedelta(days=int(found[1]))).isoformat() if found else value
    if isinstance(value, list):
        return [dated(one, sent_on) for one in value]
    if isinstance(value, dict):
        return {name: dated(one, sent_on) for name, one in value.items()}
    return value
