"""E-mail by SMTP, over a connection kept for a batch."""

import contextlib
import smtplib
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from practice.notifications.channels.base import Letter, Outcome, Result, Sender
from practice.notifications.models import Channel

PERMANENT: Final = 500
PER_CONNECTION: Final = 100


class Email(Sender):
    """A definite no is told from an answer that never came: only the second may have been delivered."""

    channel = Channel.EMAIL

    def __init__(self) -> None:
        self._connection: Any = None
        self._used = 0

    def send(self, letter: Letter) -> Result:
        """Hand over one mail with the letter's reference as its Message-ID."""
        try:
            self._open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Result(Outcome.REFUSED, _code(error))
        try:
            self._message(letter).send()
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

    def _message(self, letter: Letter) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives(
            subject=letter.subject,
            body=letter.text,
            to=[letter.to],
            connection=self._connection,
            headers={**letter.headers, "Message-ID": letter.reference},
        )
        if letter.html:
            message.attach_alternative(letter.html, "text/html")
        return message


def _code(error: Exception) -> str:
    return type(error).__name__
