"""Settings, read from the environment. The only module of ours that the UI may import."""

import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

LONDON = ZoneInfo("Europe/London")
ADDRESS = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
HOST_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(rf"[!-~]+-{UUID}-{UUID}")


def _expected(what: str) -> PydanticCustomError:
    return PydanticCustomError("bad_setting", "{reason}", {"reason": f"Expected {what}."})


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    try:
        is_host = bool((parts.hostname or "").encode("idna"))
    except UnicodeError:
        is_host = False
    if parts.scheme not in ("http", "https") or not is_host or parts.query or parts.fragment:
        raise _expected("the address people open, such as https://saferplan.example")
    return value.rstrip("/")


def _host_names(value: str) -> str:
    names = value.replace(",", " ").split()
    if not all(HOST_NAME.fullmatch(name) and len(name) <= 253 for name in names):
        raise _expected("host names without ports, with commas between them, such as web, saferplan.internal")
    return " ".join(names).lower()


def _mail_server(value: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(value.get_secret_value())
        is_good = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or parts.path.strip("/") or parts.query:
        raise _expected(
            "smtp://user:password@mail.example:587, or smtps:// where TLS is spoken from the start"
        )
    return value


def _mail_address(value: str) -> str:
    if ADDRESS.fullmatch(value) is None:
        raise _expected("an email address, such as saferplan@council.example")
    return value


def _notify_key(value: SecretStr) -> SecretStr:
    if NOTIFY_KEY.fullmatch(value.get_secret_value()) is None:
        raise _expected("a whole API key of GOV.UK Notify: its name and two ids, joined by dashes")
    return value


class Settings(BaseSettings):
    """Settings of a deployment. Each field's alias is its name in the environment."""

    # An empty variable is one not set, as compose files leave them. Errors do not show the value.
    model_config = SettingsConfigDict(
        populate_by_name=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: str = Field("sqlite:///var/saferplan.db", validation_alias="DATABASE_URL")
    today_is: date | None = Field(None, validation_alias="SAFERPLAN_TODAY")
    """Fixes the day, for a demonstration or a rehearsal. Sign-in and key expiry always use the real clock."""
    mode: Literal["live", "demo"] = Field("live", validation_alias="SAFERPLAN_MODE")
    """`demo` carries published passwords, so it is served on loopback only."""
    api_url: str | None = Field(None, validation_alias="SAFERPLAN_API_URL")
    """Address of the API for the UI when they run on two machines; absent, they share a process."""
    workers: int = Field(1, ge=1, le=64, validation_alias="SAFERPLAN_WORKERS")
    connections: int = Field(12, ge=6, le=500, validation_alias="SAFERPLAN_CONNECTIONS")
    """Most connections of each server process to PostgreSQL. SQLite has a fixed number."""
    requests_a_minute: int = Field(6000, ge=1, validation_alias="SAFERPLAN_REQUESTS_A_MINUTE")
    """For one key or session, over the whole deployment; each worker allows its share."""
    secure_cookies: bool = Field(True, validation_alias="SAFERPLAN_SECURE_COOKIES")
    """Off only where the browser reaches the service over plain HTTP on loopback."""
    file_mib: int = Field(10, ge=1, le=10, validation_alias="SAFERPLAN_FILE_MIB")
    """Most MiB of one file of evidence; at most what the API's description promises to take."""
    files_mib: int = Field(2_048, ge=10, validation_alias="SAFERPLAN_FILES_MIB")
    """Most MiB of all such files in the deployment."""
    public_url: Annotated[str, AfterValidator(_web_address)] = Field(
        "http://127.0.0.1:8000", validation_alias="SAFERPLAN_PUBLIC_URL"
    )
    """Address where people open the pages: every link begins with it, and the service answers to its host."""
    host_names: Annotated[str, AfterValidator(_host_names)] = Field("", validation_alias="SAFERPLAN_HOSTS")
    """Further hosts that requests may name: a proxy's name for this machine, or the pages' for that of the API."""
    worker: Literal["inside", "apart"] = Field("inside", validation_alias="SAFERPLAN_WORKER")
    """Whether background work is done inside the server, or by `saferplan worker`."""
    smtp_url: Annotated[SecretStr, AfterValidator(_mail_server)] | None = Field(
        None, validation_alias="SAFERPLAN_SMTP_URL"
    )
    mail_from: Annotated[str, AfterValidator(_mail_address)] | None = Field(
        None, validation_alias="SAFERPLAN_MAIL_FROM"
    )
    notify_key: Annotated[SecretStr, AfterValidator(_notify_key)] | None = Field(
        None, validation_alias="SAFERPLAN_NOTIFY_KEY"
    )
    notify_template: Annotated[str, Field(pattern=f"^{UUID}$")] | None = Field(
        None, validation_alias="SAFERPLAN_NOTIFY_TEMPLATE"
    )
    """Of GOV.UK Notify: the id of a template with the placeholders `subject` and `body`."""

    @model_validator(mode="after")
    def _require_one_way_for_mail(self) -> "Settings":
        if (self.smtp_url is None) != (self.mail_from is None):
            raise _expected("SAFERPLAN_SMTP_URL and SAFERPLAN_MAIL_FROM together")
        if (self.notify_key is None) != (self.notify_template is None):
            raise _expected("SAFERPLAN_NOTIFY_KEY and SAFERPLAN_NOTIFY_TEMPLATE together")
        if self.smtp_url is not None and self.notify_key is not None:
            raise _expected("one way to send mail: a mail server or GOV.UK Notify, not both")
        return self

    def link(self, path: str, *, base: str | None = None) -> str:
        """A link for people. `base` stands in for the public address."""
        return f"{(base or self.public_url).rstrip('/')}/{path}"

    @property
    def hosts(self) -> list[str]:
        """The further hosts, one by one."""
        return self.host_names.split()

    @property
    def mail_goes_by(self) -> Literal["smtp", "notify"] | None:
        """Service that sends mail; None where none is set up: messages wait. A demonstration sends none."""
        if self.mode == "demo":
            return None
        if self.smtp_url is not None:
            return "smtp"
        return "notify" if self.notify_key is not None else None

    def today(self) -> date:
        """The day it is in the United Kingdom."""
        return self.today_is or datetime.now(LONDON).date()

    def now(self) -> datetime:
        """The instant facts are recorded at: the real time of day in London, on the day `today` says."""
        real = datetime.now(LONDON)
        at = datetime.combine(self.today_is, real.timetz()) if self.today_is else real
        return at.astimezone(UTC)


def settings_from_environment() -> Settings:
    """Reads the settings anew: a command line or a test may have changed the environment."""
    return Settings()


@cache
def project_file(name: str) -> Path:
    """A file that ships beside the package: `migrations` and the like."""
    return Path(__file__).resolve().parent.parent / name
