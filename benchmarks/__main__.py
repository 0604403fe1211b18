"""`python -m benchmarks [NAME …] [--rows N]`: run benchmarks by name, or all of them."""

import argparse
import importlib
import pkgutil

import benchmarks

NOT_BENCHMARKS = {"ground", "bare"}


def names() -> list[str]:
    """Every benchmark there is: one module each."""
    found = {module.name for module in pkgutil.iter_modules(benchmarks.__path__)}
    return sorted(name.replace("_", "-") for name in found - NOT_BENCHMARKS if not name.startswith("_"))


def main() -> None:
    """Parse, run, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=benchmarks.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    parser.add_argument("--rows", type=int, help="how many rows to work on, where a benchmark works on rows")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in names()]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are {', '.join(names())}")
    for name in options.names or names():
        importlib.import_module(f"benchmarks.{name.replace('-', '_')}").run(rows=options.rows)


if __name__ == "__main__":
    main()
