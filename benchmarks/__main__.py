"""`python -m benchmarks [NAME …]`: run benchmarks by name, or all of them, each in a process of its own.

Of one by name the figures are printed as they come. Of several, a table follows; of all, it is kept in `results/`.
The exit status is 1 when a figure is below what it must hold, or when something was lost or doubled.
"""

import argparse
import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import benchmarks
from benchmarks import figures, ground, table

NOT_BENCHMARKS = {"ground", "bare", "figures", "numerals", "table", "results"}
SEED = 2026


def names() -> list[str]:
    """Every benchmark there is: one module each."""
    found = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)}
    return sorted(name.replace("_", "-") for name in found - NOT_BENCHMARKS if not name.startswith("_"))


def main() -> int:
    """Parse and run; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=benchmarks.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--rows", type=int, help="how many rows to work on, where a benchmark works on rows")
    parser.add_argument("--seconds", type=int, help="how long to go on, where a benchmark works for a while")
    parser.add_argument("--quick", action="store_true", help="small sizes: a look at the code, not a measurement")
    parser.add_argument("--short", action="store_true", help="sizes at which all of them end in twenty minutes")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", type=Path, help="write the figures of one benchmark here as well")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in names()]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are {', '.join(names())}")
    if len(options.names) == 1:
        return _one(options.names[0], options)
    return _several(options.names or names(), options)


def _one(name: str, options: argparse.Namespace) -> int:
    module = importlib.import_module(f"benchmarks.{name.replace('-', '_')}")
    given = {key: value for key, value in vars(options).items() if value is not None}
    sizes = module.QUICK if options.quick else getattr(module, "SHORT", {}) if options.short else {}
    wanted = {**sizes, **given}
    module.run(**{key: value for key, value in wanted.items() if key in inspect.signature(module.run).parameters})
    if options.json:
        options.json.write_text(json.dumps([figure.as_json() for figure in figures.SEEN]))
    return int(not all(figure.holds for figure in figures.SEEN))


def _several(wanted: list[str], options: argparse.Namespace) -> int:
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted:
            rows += _apart(name, options, Path(folder) / f"{name}.json")
    chosen = {"small": options.quick, "short": options.short, "chosen": options.rows or options.seconds}
    sizes = next((name for name, is_so in chosen.items() if is_so), "as stated")
    where = table.ground(seed=options.seed, sizes=sizes)
    print("\n" + table.markdown(rows, where))
    if not options.names and not options.quick:
        table.keep(rows, where)
    return int(any(row["verdict"] not in {"aim", "hold"} for row in rows))


def _apart(name: str, options: argparse.Namespace, file: Path) -> list[dict[str, Any]]:
    """The figures of one benchmark, run in a process of its own: Django is set up once a process."""
    argv = [sys.executable, "-m", "benchmarks", name, "--json", str(file), "--seed", str(options.seed)]
    argv += [f"--{size}" for size in ("quick", "short") if getattr(options, size)]
    for key in ("rows", "seconds"):
        value = getattr(options, key)
        argv += [f"--{key}", str(value)] if value else []
    status = subprocess.run(argv, check=False, env={**os.environ, ground.KEPT: str(file.parent)}).returncode
    if not file.exists():
        return [{"name": name, "verdict": f"failed with status {status}"}]
    figured: list[dict[str, Any]] = json.loads(file.read_text())
    return figured


if __name__ == "__main__":
    sys.exit(main())
