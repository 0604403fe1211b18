"""What the environment chose for this stack, and what its children are told."""

from dataclasses import dataclass
from pathlib import Path

from practice.config.env import BASE_DIR, Env
from practice.config.stack.application import LOOPBACK, answered_name, free_port
from practice.config.stack.embedded import places_of_this_checkout
from practice.config.stack.places import Places

HARMLESS = (
    "No directory at",  # static files are served from where they lie, not collected
    "You're running the worker with superuser",  # in a container, say: nothing of ours is pickled
)


@dataclass(frozen=True)
class Choices:
    """One reading of the environment."""

    places: Places
    host: str
    port: int
    name: str
    demo: bool
    own_postgres: bool
    own_valkey: bool
    own_mail: bool
    mail_port: int
    mail_folder: Path
    database_url: str
    redis_url: str
    debug: bool
    state_folder: Path

    @property
    def url(self) -> str:
        """Where a person finds it: a passkey needs a name, not an address."""
        return f"http://localhost:{self.port}"

    def ours(self) -> dict[str, bool]:
        """Which addresses are those of our own servers."""
        return {"DATABASE_URL": self.own_postgres, "REDIS_URL": self.own_valkey}

    def told(self) -> dict[str, str]:
        """The environment of every child."""
        told = {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "PORT": str(self.port),
            "DEMO": str(int(self.demo)),
            "DEBUG": str(int(self.debug)),
            "STATE_DIR": str(self.state_folder),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": ",".join(f"ignore:{start}" for start in HARMLESS),
        }
        if self.own_mail:
            told |= {"EMAIL_HOST": LOOPBACK, "EMAIL_PORT": str(self.mail_port)}
            told |= {"DEMO_MAIL_DIR": str(self.mail_folder)}
        return told


def choose(env: Env) -> Choices:
    """Read the environment; a demo without debugging unless it says otherwise."""
    places = places_of_this_checkout()
    demo = env.flag("DEMO", default=True)
    own_mail = demo and not env.variables.get("EMAIL_HOST")
    mail_port = env.number("EMAIL_PORT", 0) or (free_port() if own_mail else 0)
    return Choices(
        places=places,
        host=env.text("HOST", "127.0.0.1"),
        port=env.number("PORT", 8000),
        name=answered_name(env.words("ALLOWED_HOSTS")),
        demo=demo,
        debug=env.flag("DEBUG"),
        own_postgres=not env.variables.get("DATABASE_URL"),
        own_valkey=not env.variables.get("REDIS_URL"),
        own_mail=own_mail,
        mail_port=mail_port,
        mail_folder=BASE_DIR / env.text("DEMO_MAIL_DIR", str(places.data / "mail")),
        state_folder=BASE_DIR / env.text("STATE_DIR", str(places.data / "state")),
        database_url=env.variables.get("DATABASE_URL") or places.database_url(),
        redis_url=env.variables.get("REDIS_URL") or places.redis_url,
    )
