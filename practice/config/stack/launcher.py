"""Becomes another program that dies with its parent. Run as a file, without site-packages: it starts in 20 ms.

    python -I -S launcher.py --parent PID --signal N [--drop-root] -- program arguments…
    python -I -S launcher.py --drop-root --ask

On Linux the kernel signals the program when the parent is gone (PR_SET_PDEATHSIG). It is set after a change of
identity, which would clear it, and follows the parent's forking thread, so the parent starts children from its main
thread. Elsewhere only the parent's own orderly stop ends the program. `--ask` prints who a dropped root really is.
"""

import argparse
import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534
ORDINARY = 1000


def drop_root() -> int:
    """Return who we now are to the outside: 0 in a user namespace of our own, else nobody.

    PostgreSQL refuses uid 0. In a namespace root looks ordinary while its files stay root's.
    """
    if os.geteuid():
        return os.geteuid()
    if sys.platform == "linux" and ctypes.CDLL(None).unshare(CLONE_NEWUSER) == 0:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{ORDINARY} 0 1"), ("gid_map", f"{ORDINARY} 0 1")):
            Path("/proc/self", name).write_text(text)
        return 0
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    return NOBODY


def die_with(parent: int, signal_number: int) -> None:
    """Ask the kernel for a signal when the parent ends; end at once when it already has."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() not in {parent, 0}:
        sys.exit(1)


def main() -> None:
    """Change identity if asked, tie the knot, become the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, default=0)
    parser.add_argument("--signal", type=int, default=15)
    parser.add_argument("--drop-root", action="store_true")
    parser.add_argument("--ask", action="store_true")
    parser.add_argument("argv", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    seen_as = drop_root() if options.drop_root else os.geteuid()
    if options.ask:
        sys.stdout.write(f"{seen_as}\n")
        return
    die_with(options.parent, options.signal)
    argv = options.argv[1:] if options.argv[:1] == ["--"] else options.argv
    os.execvp(argv[0], argv)  # noqa: S606 - the program is the parent's own choice


if __name__ == "__main__":
    main()
