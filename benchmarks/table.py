"""What a run measured, as one table, with what it was measured on; kept in `results/`."""

import json
import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django

from benchmarks.numerals import number
from practice.config.stack import postgres, valkey

RESULTS = Path(__file__).parent / "results"
HEAD = ("figure", "product", "bare", "ratio", "hold", "aim", "distance from the aim", "verdict")
Row = dict[str, Any]


def ground(*, seed: int, sizes: str) -> dict[str, str]:
    """The machine and the versions, without anything that names a place on it."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": str(os.cpu_count()),
        "seed": str(seed),
        "sizes": sizes,
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "Celery": version("celery"),
        "PostgreSQL": _says(postgres.binaries() / "postgres"),
        "Valkey": _says(valkey.binary()),
    }


def _says(program: Path) -> str:
    """The version in what a program says about itself."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found.group() if found else "?"


def markdown(rows: Sequence[Row], ground: dict[str, str]) -> str:
    """The table, its columns as wide as they need to be, and under it what each figure was measured with."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    notes = [f"- {row['name']}: {_notes(row)}" for row in rows if _notes(row)]
    where = " · ".join(f"{key} {value}" for key, value in ground.items())
    return "\n".join([where, "", *lines, "", *notes]) + "\n"


def keep(rows: Sequence[Row], ground: dict[str, str]) -> None:
    """Write the run over the last one."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "last.md").write_text("# The last `make bench`\n\n" + markdown(rows, ground))
    (RESULTS / "last.json").write_text(json.dumps({"ground": ground, "figures": list(rows)}, indent=1) + "\n")


def _cells(row: Row) -> tuple[str, ...]:
    if "product" not in row:
        return (row["name"], "–", "–", "–", "–", "–", "–", row["verdict"])
    at = "≥ " if row["more_is_better"] else "≤ "
    alone = row["bare"] is None
    unit = " " + row["unit"] if alone else ""
    return (
        row["name"],
        number(row["product"]) + row["unit"],
        "–" if alone else number(row["bare"]) + row["unit"],
        "–" if alone else f"{row['value']:.2f}",
        f"{at}{row['hold']:g}{unit}",
        f"{at}{row['aim']:g}{unit}" if row["aim"] else "–",
        f"{row['distance']:+.0%}".replace("-", "−"),
        row["verdict"],
    )


def _notes(row: Row) -> str:
    return ", ".join(f"{key} {value}" for key, value in {**row.get("zero", {}), **row.get("notes", {})}.items())
