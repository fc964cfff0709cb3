"""Settings, read from the environment. The only module of ours that the UI may import."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LONDON = ZoneInfo("Europe/London")


class Settings(BaseSettings):
    """What a deployment may set. Names in the environment are given beside each field."""

    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore")

    database_url: str = Field("sqlite:///var/saferplan.db", validation_alias="DATABASE_URL")
    today_is: date | None = Field(None, validation_alias="SAFERPLAN_TODAY")
    """Fixes the day, for a demonstration or a rehearsal. Sign-in and key expiry always use the real clock."""
    mode: Literal["live", "demo"] = Field("live", validation_alias="SAFERPLAN_MODE")
    """`demo` carries published passwords, so it is served on loopback only."""
    api_url: str | None = Field(None, validation_alias="SAFERPLAN_API_URL")
    """Where the UI finds the API when they run on two machines; absent, they share a process."""
    workers: int = Field(1, ge=1, le=64, validation_alias="SAFERPLAN_WORKERS")
    requests_a_minute: int = Field(6000, ge=1, validation_alias="SAFERPLAN_REQUESTS_A_MINUTE")
    """For one key or session, over the whole deployment; each worker allows its share."""
    secure_cookies: bool = Field(True, validation_alias="SAFERPLAN_SECURE_COOKIES")
    """Off only where the browser reaches the service over plain HTTP on loopback."""

    def today(self) -> date:
        """The day it is in the United Kingdom."""
        return self.today_is or datetime.now(LONDON).date()

    def now(self) -> datetime:
        """The instant facts are recorded at: the real time of day in London, on the day `today` says."""
        real = datetime.now(LONDON)
        at = datetime.combine(self.today_is, real.timetz()) if self.today_is else real
        return at.astimezone(UTC)


def settings_from_environment() -> Settings:
    """A fresh reading: a command line or a test may have changed the environment."""
    return Settings()


@cache
def project_file(name: str) -> Path:
    """A file that ships beside the package: `migrations` and the like."""
    return Path(__file__).resolve().parent.parent / name
