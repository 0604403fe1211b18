"""Why a socket was closed. The browser reads these numbers; anything else reconnects by itself."""

from typing import Final

UNSUPPORTED: Final = 1003
TOO_BIG: Final = 1009
RESTART: Final = 1012
SIGN_IN: Final = 4401
NOT_YOURS: Final = 4403
NOWHERE: Final = 4404
SLOW_READER: Final = 4408
SLOW_DOWN: Final = 4429
TOO_MANY_SOCKETS: Final = "too many windows"


class Turned(Exception):
    """A socket that is not let in, or no longer; `code` is what the browser is told."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code
