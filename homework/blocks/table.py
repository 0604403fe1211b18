"""A worksheet: columns, and as many rows as the client needs (a thought record)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homework.blocks.block_type import (
    ID,
    LINE,
    BadAnswer,
    Block,
    BlockType,
    clean_number,
    clean_text,
    clean_whole,
    register,
)
from homework.blocks.date import clean_day

COLUMN_KINDS = {
    "text": gettext_lazy("words"),
    "number": gettext_lazy("number"),
    "slider": gettext_lazy("0 to 100"),
    "date": gettext_lazy("date"),
    "time": gettext_lazy("time"),
    "check": gettext_lazy("tick"),
}
MOST_ROWS, CELL = 50, 2_000


class Table(BlockType):
    """Rows of cells. An empty cell is absent; rows without any cell are dropped."""

    key = "table"
    label = gettext_lazy("Worksheet table")
    icon, seconds = "table", 150
    fields = {
        "columns": {
            "type": "array",
            "maxItems": 8,
            "items": {
                "type": "object",
                "required": ["id", "label", "kind"],
                "additionalProperties": False,
                "properties": {"id": ID, "label": LINE, "kind": {"enum": list(COLUMN_KINDS)}},
            },
        },
        "rows": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        "max_rows": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
    }
    required = ("columns",)

    def new(self, block_id: str) -> dict[str, Any]:
        """Return a table of two text columns."""
        columns = [{"id": f"c{number}", "label": "", "kind": "text"} for number in (1, 2)]
        return super().new(block_id) | {"columns": columns, "rows": 1, "max_rows": 10}

    def problems(self, block: Block) -> list[str]:
        """Return also what is wrong with columns and rows."""
        found, columns = super().problems(block), block["columns"]
        if not columns:
            found.append(_("The table has no columns."))
        if any(not column["label"].strip() for column in columns):
            found.append(_("A column has no name."))
        if len({column["id"] for column in columns}) < len(columns):
            found.append(_("Two columns are the same."))
        if block.get("rows", 1) > block.get("max_rows", MOST_ROWS):
            found.append(_("It starts with more rows than there may be."))
        return found

    def words(self, block: Block) -> str:
        """Return question and column names."""
        return " ".join([super().words(block), *(column["label"] for column in block["columns"])])

    def clean(self, block: Block, value: Any) -> dict[str, Any] | None:
        """Return {"rows": [{column: value}]} without empty cells and rows."""
        rows = value.get("rows") if isinstance(value, dict) else None
        if not isinstance(rows, list) or any(not isinstance(row, dict) for row in rows):
            raise BadAnswer(_("This table can't be read. Please fill it in again."))
        if len(rows) > block.get("max_rows", MOST_ROWS):
            raise BadAnswer(_("Please keep to %(most)d rows.") % {"most": block.get("max_rows", MOST_ROWS)})
        filled = [row for row in (_row(block, row) for row in rows) if row]
        return {"rows": filled} if filled else None

    def read(self, block: Block, data: Any, name: str) -> Any | None:
        """Return the rows from fields `name-ROW-COLUMN`."""
        rows = []
        for number in range(block.get("max_rows", MOST_ROWS)):
            cells = {column["id"]: data.get(f"{name}-{number}-{column['id']}", "") for column in block["columns"]}
            row = {key: cell for key, cell in cells.items() if cell.strip()}
            if row:
                rows.append(row)
        return {"rows": rows} if rows else None

    def line(self, block: Block, value: Any) -> str:
        """Return the first row's cells."""
        rows = value.get("rows", [])
        cells = [cell_words(column, rows[0].get(column["id"])) for column in block["columns"]] if rows else []
        return " · ".join(cell for cell in cells if cell)


def cell_words(column: dict[str, Any], value: Any) -> str:
    """Return a cell as a person reads it."""
    if value is None:
        return ""
    if column["kind"] == "check":
        return _("yes")
    return str(value)


def _row(block: Block, row: dict[str, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for column in block["columns"]:
        raw = row.get(column["id"])
        if raw is None or raw in ("", False):
            continue
        try:
            cell = CLEANERS[column["kind"]](raw)
        except BadAnswer as wrong:
            words = {"column": column["label"], "advice": str(wrong)}
            raise BadAnswer(_("%(column)s: %(advice)s") % words) from None
        if cell != "":
            cells[column["id"]] = cell
    return cells


def _time(value: Any) -> str:
    try:
        return dt.time.fromisoformat(value.strip()).strftime("%H:%M")
    except (ValueError, AttributeError):
        raise BadAnswer(_("Please write a time, such as 21:30.")) from None


def _check(value: Any) -> bool:
    if value not in (True, "1", "on", "true"):
        raise BadAnswer(_("Please tick it or leave it."))
    return True


CLEANERS: dict[str, Callable[[Any], Any]] = {
    "text": lambda value: clean_text(value, most=CELL),
    "number": clean_number,
    "slider": lambda value: clean_whole(value, low=0, high=100),
    "date": clean_day,
    "time": _time,
    "check": _check,
}

TABLE = register(Table, order=80)
