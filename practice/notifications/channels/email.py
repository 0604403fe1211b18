"""E-mail by SMTP, over a connection kept for a batch."""

import contextlib
import smtplib
import uuid
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr
from functools import cache, cached_property
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from practice.notifications.channels.sender import Letter, Outcome, Result, Sender
from practice.notifications.models import Channel

PERMANENT: Final = 500
PER_CONNECTION: Final = 100
SHORT: Final = 76


class Plainly(Compat32):
    """Writes a short header of plain letters as it is: the library's folding costs more than the rest of a mail."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Fold what needs folding."""
        if isinstance(value, str) and value.isascii() and len(name) + len(value) < SHORT:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


PLAINLY: Final = Plainly()


@cache
def _apart(address: str) -> Any:
    return parseaddr(address)


class Mail(EmailMultiAlternatives):
    """Django's mail, made into bytes in half the time: a boundary of its own, headers written plainly.

    On the envelope stand names and addresses apart, as Django takes them too: where they are one it parses each anew.
    """

    def __init__(self, letter: Letter) -> None:
        sender: Any = settings.DEFAULT_FROM_EMAIL
        headers = {**letter.headers, "From": sender, "Message-ID": letter.reference}
        super().__init__(letter.subject, letter.text, _apart(sender), [letter.to], headers=headers)
        if letter.html:
            self.attach_alternative(letter.html, "text/html")
        self.reference = letter.reference

    def recipients(self) -> list[Any]:
        """Name and address of each reader."""
        return [address if '"' in address else ("", address) for address in super().recipients()]

    def pack(self) -> None:
        """Make the bytes now instead of when they are handed over. Raises ValueError for what can't stand in a mail."""
        self.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # as Django asks

    def message(self) -> Message:
        """Return the mail as the library's message: the same one, and its bytes the same, whenever it is asked for."""
        return self._message

    @cached_property
    def _message(self) -> Message:
        made: Message = super().message()
        made.policy = PLAINLY
        if made.is_multipart():
            made.set_boundary(f"={uuid.uuid4().hex}=")  # the library's own search costs a pattern a mail
        made.as_bytes = cache(made.as_bytes)  # type: ignore[method-assign]
        return made


class Email(Sender):
    """A definite no is told from an answer that never came: only the second may have been delivered."""

    channel = Channel.EMAIL

    def __init__(self) -> None:
        self._connection: Any = None
        self._used = 0

    def packed(self, letter: Letter) -> Mail:
        """Return the mail, with the letter's reference as its Message-ID. A wrong one shows when it is sent."""
        mail = Mail(letter)
        with contextlib.suppress(ValueError):
            mail.pack()
        return mail

    def send(self, letter: Any) -> Result:
        """Hand over one mail."""
        try:
            self._open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Result(Outcome.REFUSED, _code(error))
        try:
            letter.connection = self._connection
            letter.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _text in error.recipients.values()), default=0)
            return Result(Outcome.BOUNCED if code >= PERMANENT else Outcome.REFUSED, str(code), alive=True)
        except smtplib.SMTPResponseException as error:
            self.close()
            dead = error.smtp_code >= PERMANENT and not isinstance(error, smtplib.SMTPAuthenticationError)
            return Result(Outcome.DEAD if dead else Outcome.REFUSED, str(error.smtp_code))
        except (OSError, smtplib.SMTPException) as error:  # cut off: nobody knows
            self.close()
            return Result(Outcome.UNSURE, _code(error))
        except ValueError as error:  # a line break in a header and the like: it will never work
            self.close()  # it may have shown half-way through a mail
            return Result(Outcome.DEAD, _code(error))
        self._used += 1
        return Result(Outcome.ACCEPTED, "250", letter.reference)

    def per_minute(self) -> int:
        """Return what the operator says the mail server takes."""
        return int(settings.EMAIL_PER_MINUTE)

    def close(self) -> None:
        """Say goodbye if the server still listens."""
        if self._connection is not None:
            with contextlib.suppress(Exception):
                self._connection.close()
        self._connection, self._used = None, 0

    def _open(self) -> None:
        if self._used >= PER_CONNECTION:
            self.close()
        if self._connection is None:
            self._connection = get_connection()
        self._connection.open()


def _code(error: Exception) -> str:
    return type(error).__name__
