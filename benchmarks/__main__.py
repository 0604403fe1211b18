"""`python -m benchmarks [NAME …] [--rows N] [--seconds N]`: run benchmarks by name, or all of them."""

import argparse
import importlib
import inspect
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
    parser.add_argument("--seconds", type=int, help="how long to go on, where a benchmark works for a while")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in names()]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are {', '.join(names())}")
    for name in options.names or names():
        run = importlib.import_module(f"benchmarks.{name.replace('-', '_')}").run
        run(**{key: value for key, value in vars(options).items() if key in inspect.signature(run).parameters})


if __name__ == "__main__":
    main()
