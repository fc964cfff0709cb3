"""Sends by GOV.UK Notify's client. The template there is only `((subject))` and `((body))`."""

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from app.mail.letter import Letter, Refused, Unreachable

SECONDS = 20
ADDRESS = "https://api.notifications.service.gov.uk"


class NotifyMailer:
    def __init__(self, key: str, template: str, address: str = ADDRESS) -> None:
        self._client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            key, base_url=address, timeout=SECONDS
        )
        self._template = template

    def send(self, letter: Letter) -> None:
        try:
            self._client.send_email_notification(  # type: ignore[no-untyped-call]
                letter.to,
                self._template,
                personalisation={"subject": letter.subject, "body": letter.body},
                reference=letter.reference,
            )
        except APIError as error:
            reason = f"GOV.UK Notify answered {error.status_code}: {_error_text(error)}"
            # 400 is about this message; a refused key, a limit or a fault may pass.
            raise (Refused(reason) if error.status_code == 400 else Unreachable(reason)) from error


def _error_text(error: APIError) -> str:
    message = error.message
    return (
        message if isinstance(message, str) else "; ".join(str(each.get("message", each)) for each in message)
    )
