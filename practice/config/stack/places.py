"""Where the embedded servers keep their data and their sockets."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET = 100  # a socket's path ends at 107 bytes


def run_folder(data: Path) -> Path:
    """The folder of the sockets; under the temporary folder when the data's own path is too long for one."""
    run = data / "run"
    if len(bytes(run / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return run
    return Path(tempfile.gettempdir()) / f"rapport-{hashlib.sha256(bytes(data)).hexdigest()[:10]}"


@dataclass(frozen=True)
class Places:
    """The folders and files of one stack."""

    data: Path

    @property
    def run(self) -> Path:
        """Folder of the sockets."""
        return run_folder(self.data)

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data folder."""
        return self.data / "postgres"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's socket."""
        return self.run / "valkey.sock"

    @property
    def lock(self) -> Path:
        """Held by the one supervisor of this folder."""
        return self.data / "supervisor.lock"

    @property
    def memory(self) -> Path:
        """What the children were last told (see `remembered` in env.py)."""
        return self.data / "stack.env"

    def database_url(self, name: str = "app") -> str:
        """Address of a database on the embedded server."""
        return f"postgresql://postgres@/{name}?host={quote(str(self.run))}"

    @property
    def redis_url(self) -> str:
        """Address of the embedded Valkey."""
        return f"unix://{self.valkey_socket}"

    def make(self) -> None:
        """Make the folders, readable by nobody else."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.run.mkdir(mode=0o700, parents=True, exist_ok=True)
