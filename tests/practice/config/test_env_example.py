"""`.env.example` lists every variable that is read, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
READ = re.compile(
    r"(?:env\.(?:text|flag|number|choice|words|keys|variables\.get)|os\.environ\.get|variables\.get)"
    r'\(\s*"([A-Z_]+)"'
)
VAULT = {"VAULT_KEYS"}  # read by a method of its own
DEFAULT_OF_COMPOSE = re.compile(r"\$\{([A-Z_]+):-([^}]*)\}")
OF_COMPOSE = re.compile(r"\$\{([A-Z_]+)")


def variables_read() -> set[str]:
    """Names that the code or docker-compose.yml asks the environment for."""
    sources = [path.read_text() for path in (ROOT / "practice" / "config").rglob("*.py")]
    found = {name for source in sources for name in READ.findall(source)}
    return found | VAULT | set(OF_COMPOSE.findall((ROOT / "docker-compose.yml").read_text()))


def test_every_variable_is_listed_and_every_listed_one_is_read() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    listed = {line.split("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)}

    assert sorted(listed ^ variables_read()) == []


def test_a_copy_of_the_example_does_not_overrule_what_compose_sets() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    copied = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    defaults = DEFAULT_OF_COMPOSE.findall((ROOT / "docker-compose.yml").read_text())

    assert defaults
    assert [name for name, default in defaults if copied[name] not in ("", default)] == []


def test_only_config_reads_the_environment() -> None:
    rooms = [ROOT / name for name in ("practice", "clients", "messaging", "homework", "alliance")]
    asking = [
        str(path.relative_to(ROOT))
        for room in rooms
        for path in room.rglob("*.py")
        if path.relative_to(ROOT).parts[:2] != ("practice", "config") and "os.environ" in path.read_text()
    ]
    assert asking == ["practice/notifications/crashing.py"]  # where a test of faults lets a process die
