"""Settings for mail are checked when a program starts, and said in words without showing a secret."""

import pytest
from pydantic import ValidationError

from app.cli import main
from app.config import Settings
from app.mail import mailer
from app.mail.notify import NotifyMailer
from app.mail.smtp import SmtpMailer

SECRET = "hunter2"
UUID = "aaaaaaaa-1111-1111-1111-aaaaaaaaaaaa"
SMTP = {"SAFERPLAN_SMTP_URL": f"smtp://me:{SECRET}@mail.example", "SAFERPLAN_MAIL_FROM": "sp@council.example"}
NOTIFY = {"SAFERPLAN_NOTIFY_KEY": f"live-{UUID}-{UUID}", "SAFERPLAN_NOTIFY_TEMPLATE": UUID}


def read(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, None),
        (dict.fromkeys((*SMTP, *NOTIFY), ""), None),
        (SMTP, SmtpMailer),
        ({**SMTP, "SAFERPLAN_SMTP_URL": "smtps://mail.example:4650"}, SmtpMailer),
        (NOTIFY, NotifyMailer),
        ({**SMTP, "SAFERPLAN_MODE": "demo"}, None),
    ],
)
def test_one_way_or_none(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], kind: type | None) -> None:
    made = mailer(read(monkeypatch, values))
    assert type(made) is (kind or type(None))


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (
            {**SMTP, "SAFERPLAN_SMTP_URL": f"http://me:{SECRET}@mail.example"},
            "SAFERPLAN_SMTP_URL: Expected smtp:",
        ),
        ({**SMTP, "SAFERPLAN_SMTP_URL": f"smtp://me:{SECRET}@mail.example:99999"}, "SAFERPLAN_SMTP_URL"),
        ({**SMTP, "SAFERPLAN_SMTP_URL": f"smtp://me:{SECRET}@"}, "SAFERPLAN_SMTP_URL"),
        ({**SMTP, "SAFERPLAN_SMTP_URL": SECRET}, "SAFERPLAN_SMTP_URL"),
        ({**SMTP, "SAFERPLAN_MAIL_FROM": "Saferplan"}, "SAFERPLAN_MAIL_FROM: Expected an email address"),
        ({**SMTP, "SAFERPLAN_MAIL_FROM": "a@b.example\nBcc: c@d.example"}, "SAFERPLAN_MAIL_FROM"),
        (
            {"SAFERPLAN_SMTP_URL": SMTP["SAFERPLAN_SMTP_URL"]},
            "SAFERPLAN_SMTP_URL and SAFERPLAN_MAIL_FROM together",
        ),
        ({"SAFERPLAN_NOTIFY_KEY": NOTIFY["SAFERPLAN_NOTIFY_KEY"]}, "SAFERPLAN_NOTIFY_TEMPLATE together"),
        ({**NOTIFY, "SAFERPLAN_NOTIFY_KEY": SECRET}, "SAFERPLAN_NOTIFY_KEY: Expected a whole API key"),
        ({**NOTIFY, "SAFERPLAN_NOTIFY_TEMPLATE": "reminder"}, "SAFERPLAN_NOTIFY_TEMPLATE"),
        ({**SMTP, **NOTIFY}, "not both"),
        ({"SAFERPLAN_PUBLIC_URL": "saferplan.example"}, "SAFERPLAN_PUBLIC_URL: Expected the address"),
        ({"SAFERPLAN_WORKER": "elsewhere"}, "SAFERPLAN_WORKER"),
    ],
)
def test_what_is_wrong_is_said_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    values: dict[str, str],
    says: str,
) -> None:
    with pytest.raises(ValidationError):
        read(monkeypatch, values)
    with pytest.raises(SystemExit) as end:
        main(["serve"])
    said = capsys.readouterr().err
    assert end.value.code == 1
    assert said.startswith("saferplan: ")
    assert says in said
    assert SECRET not in said
    assert "Traceback" not in said


def test_secrets_are_not_shown_by_accident(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = repr(read(monkeypatch, SMTP))
    assert SECRET not in shown


def test_an_address_in_mail_has_one_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    made = read(monkeypatch, {"SAFERPLAN_PUBLIC_URL": "https://saferplan.example/"})
    assert made.public_url == "https://saferplan.example"
