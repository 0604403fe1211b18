"""The mail server: takes a connection and lets us in. Nothing is sent; `--send-mail ADDRESS` does that."""

import smtplib
import ssl
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import get_connection

from practice.contributions import DOCTOR_CHECKS, Finding
from practice.contributions.checks import fail, fine, warn

LOCAL = {"127.0.0.1", "localhost", "::1"}


def look_at_mail() -> list[Finding]:
    """Return whether mail could be handed over."""
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    connection = get_connection()
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        do = "Check EMAIL_HOST_USER and EMAIL_HOST_PASSWORD."
        return [fail(f"the mail server {where} doesn't let us in ({error.smtp_code})", do)]
    except ssl.SSLCertVerificationError as error:
        do = (
            "EMAIL_HOST must be the name that is in the certificate. Where an authority of your own signed it, "
            "this machine must trust that one (Debian: update-ca-certificates)."
        )
        return [fail(f"the mail server {where} shows a certificate that doesn't hold: {error.verify_message}", do)]
    except (OSError, smtplib.SMTPException) as error:
        do = "Check EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS and EMAIL_USE_SSL. What waits is kept and tried again."
        return [fail(f"the mail server {where} doesn't answer: {type(error).__name__}", do)]
    finally:
        connection.close()
    return [fine(f"the mail server {where} lets us in"), *_settings()]


def _settings() -> list[Finding]:
    found = []
    secured = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if not secured and settings.EMAIL_HOST not in LOCAL:
        says = "mail goes to its server in the clear"
        found.append(warn(says, "Set EMAIL_USE_TLS=1 (port 587), or EMAIL_USE_SSL=1 (port 465)."))
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if not settings.DEMO and sender.endswith("@localhost"):
        found.append(warn(f"mail is sent as {sender}, which others refuse", "Set DEFAULT_FROM_EMAIL."))
    return found


DOCTOR_CHECKS.register("mail", look_at_mail, order=50)
