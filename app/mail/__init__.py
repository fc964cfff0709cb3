"""Sends a message to one person, by a mail server or by GOV.UK Notify."""

from app.config import Settings
from app.mail.letter import HeldUp, Letter, Mailer, NotNow, Refused, Unreachable

__all__ = ["HeldUp", "Letter", "Mailer", "NotNow", "Refused", "Unreachable", "mailer"]


def mailer(settings: Settings) -> Mailer | None:
    """The deployment's mailer; None if no mail is set up.

    Each is imported only if it is used: GOV.UK Notify's client imports much that nothing else needs.
    """
    if settings.mail_goes_by == "smtp":
        from app.mail.smtp import SmtpMailer

        assert settings.smtp_url is not None
        assert settings.mail_from is not None
        return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
    if settings.mail_goes_by == "notify":
        from app.mail.notify import NotifyMailer

        assert settings.notify_key is not None
        assert settings.notify_template is not None
        return NotifyMailer(settings.notify_key.get_secret_value(), settings.notify_template)
    return None
