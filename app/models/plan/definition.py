"""Definition of an indicator: as it is now, and as it was at every edit."""

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Field, SQLModel, Text

from app.domain.period import Period
from app.domain.period_text import parse_period
from app.domain.plan import indicator
from app.models.append_only import AppendOnly
from app.models.column import Exact, Instant, Listed
from app.models.row import TrackedRow


class Definition(SQLModel):
    """Columns that an edit or a plan document sets. Figures, baselines and targets are in tables of their own."""

    title: str = Field(max_length=500)
    definition: str = Field(default="", sa_type=Text)
    measure: str = Field(max_length=20)
    per: int | None = None
    """Of a rate: for how many of the denominator, 1000 for "per 1,000 residents"."""
    denominator: str = Field(default="", max_length=500)
    """Of a rate or a percentage: its denominator, named and dated."""
    polarity: str = Field(max_length=20)
    frequency: str = Field(max_length=20)
    window: str = Field(max_length=20)
    publication_lag_days: int = 0
    unit: str = Field(default="", max_length=80)
    decimals: int = 0
    adds_up: str = Field(max_length=20)
    survey: bool = False
    counts_people: bool = False
    release_to: str = Field(default="public", max_length=20, sa_column_kwargs={"server_default": "public"})
    """Audience of its figures until a release widens or narrows it: `domain.access.audience.Audience`."""
    reporting_sensitive: bool = False
    paired_with: str | None = Field(default=None, max_length=80)
    tolerance: Decimal | None = Field(default=None, sa_type=Exact)
    responsible_agency_id: int | None = Field(default=None, foreign_key="agency.id")
    suppliers: list[str] = Field(default_factory=list, sa_type=Listed)
    """Codes of further agencies that may post it."""
    breakdowns: dict[str, list[str]] = Field(default_factory=dict, sa_type=Listed)
    breaks: list[dict[str, str | bool]] = Field(default_factory=list, sa_type=Listed)
    """`from` (a month), `reason`, `backcast` (whether earlier figures were recalculated)."""
    note: str = Field(default="", sa_type=Text)
    retired_on: date | None = None
    retired_reason: str = Field(default="", sa_type=Text)

    def judged(self, exceptional: tuple[Period, ...] = ()) -> indicator.Indicator:
        """The facts that decide how its figures are added, compared and judged."""
        return indicator.Indicator(
            measure=indicator.Measure(self.measure),
            polarity=indicator.Polarity(self.polarity),
            frequency=indicator.Frequency(self.frequency),
            window=indicator.Window(self.window),
            adds_up=indicator.AddsUp(self.adds_up),
            unit=self.denominator if self.measure == indicator.Measure.RATE else self.unit,
            decimals=self.decimals,
            per=self.per,
            survey=self.survey,
            reporting_sensitive=self.reporting_sensitive,
            paired_with=self.paired_with,
            tolerance=self.tolerance,
            breaks=tuple(
                indicator.Break(parse_period(str(at["from"])).first, str(at["reason"]), bool(at["backcast"]))
                for at in self.breaks
            ),
            exceptional=exceptional,
        )


class IndicatorVersion(TrackedRow, Definition, AppendOnly, table=True):
    """An indicator's definition from one edit to the next; never changed. The first holds for earlier times too."""

    __tablename__ = "indicator_edition"

    indicator_id: int = Field(foreign_key="indicator.id", index=True)
    recorded_at: datetime = Field(sa_type=Instant)
