"""Sends by GOV.UK Notify's client. The template there is only `((subject))` and `((body))`."""

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from app.mail.letter import HeldUp, Letter, NotNow, Refused, Unreachable

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
            raise _failure(error) from error


def _failure(error: APIError) -> Refused | NotNow:
    """Whose fault an answer is: Notify tells a bad address from a bad template or a trial by its messages alone."""
    messages = _messages(error)
    reason = f"GOV.UK Notify answered {error.status_code}: {'; '.join(messages)}"
    if error.status_code < 400:
        return NotNow(reason)
    if error.status_code == 400 and all(each.startswith("email_address") for each in messages):
        return Refused(reason)
    is_of_recipient = error.status_code == 400 and all("this recipient" in each for each in messages)
    # A service in trial mode, or a key for the team alone, still sends to some.
    return HeldUp(reason) if is_of_recipient else Unreachable(reason)


def _messages(error: APIError) -> list[str]:
    message = error.message
    if isinstance(message, list) and message:
        return [str(each.get("message", each) if isinstance(each, dict) else each) for each in message]
    return [message if isinstance(message, str) and message else "no reason given"]
