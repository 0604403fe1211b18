"""What is said when signing in fails: what to do now, in place of the library's own words. By the library's codes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

NOT_TOGETHER = _(
    "Address and password don't fit together. Look at both again; capitals count. Or choose a new password below."
)
TOO_OFTEN = _("Too many wrong tries in a row. Wait five minutes, then try once more.")
PASSKEY_FAILED = _("That passkey didn't fit. Try again, or another way.")

ACCOUNT: dict[str, Any] = {
    "account_inactive": _("This way in is closed. Ask your practice."),
    "email_password_mismatch": NOT_TOGETHER,
    "username_password_mismatch": NOT_TOGETHER,
    "invalid_login": _("Type your e-mail address, or the sign-in name that you were shown."),
    "incorrect_code": _("That code doesn't fit. Look for the newest e-mail, or ask for a new one."),
    "incorrect_password": _("That is not your password. Try again."),
    "too_many_login_attempts": TOO_OFTEN,
    "rate_limited": TOO_OFTEN,
}
SECOND_FACTOR: dict[str, Any] = {
    "incorrect_code": _(
        "That code doesn't fit, or was used already. Wait for the app's next one, or take a recovery code that is new."
    ),
}
