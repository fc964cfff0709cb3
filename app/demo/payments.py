"""The demonstration's payments, claims and changes of grants: all invented."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.grants.gate import GateKind

GateTerms = tuple[GateKind, str, Decimal | None]
"""Kind, period, limit in pounds."""


@dataclass(frozen=True, slots=True)
class Instalment:
    grant: str
    day: date
    pounds: str
    gates: tuple[GateTerms, ...] = ()
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class SentClaim:
    grant: str
    period: str
    lines: tuple[tuple[str, str], ...]
    approved: Decimal
    sent_on: date
    decided_on: date
    paid_on: date
    reason: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class AskedChange:
    """The lines as they would be, each with its pounds by quarter."""

    grant: str
    day: date
    lines: tuple[tuple[str, tuple[int, ...]], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class AskedBack:
    """Money asked back on a day, and what of it came."""

    grant: str
    pounds: str
    day: date
    received: str
    received_on: date
    note: str


def _return(quarter: int) -> GateTerms:
    return GateKind.RETURN_ACCEPTED, f"2017-18-Q{quarter}", None


APRIL, AUGUST, NOVEMBER = date(2017, 4, 28), date(2017, 8, 7), date(2017, 11, 20)
FEBRUARY = date(2018, 2, 19)
Q2, Q3 = _return(2), _return(3)

PAID = (
    Instalment("CSG-2017", date(2017, 5, 3), "64085.75"),
    Instalment("CSG-2017", date(2017, 8, 1), "64085.75"),
    Instalment("CSG-2017", date(2017, 11, 2), "64085.75"),
    Instalment("SSF-17-01", APRIL, "13000"),
    Instalment("SSF-17-01", AUGUST, "13000"),
    Instalment("SSF-17-01", NOVEMBER, "13000"),
    Instalment("SSF-17-02", APRIL, "7125"),
    Instalment("SSF-17-02", AUGUST, "7125"),
    Instalment("SSF-17-03", APRIL, "4500"),
    Instalment("SSF-17-03", AUGUST, "4500"),
    Instalment("SSF-17-05", APRIL, "7350"),
    Instalment("SSF-17-05", AUGUST, "8850"),
    Instalment("SSF-17-06", date(2017, 7, 31), "3500", purpose="7 sessions"),
    Instalment("SSF-17-06", date(2017, 10, 31), "4000", purpose="8 sessions"),
    Instalment("SSF-17-07", APRIL, "5950"),
    Instalment("SSF-17-07", AUGUST, "5350"),
    Instalment("SSF-17-07", NOVEMBER, "5350"),
    Instalment("SSF-17-08", date(2017, 10, 16), "6000"),
    Instalment("SSF-17-09", APRIL, "1000"),
    Instalment("SSF-17-09", AUGUST, "5500"),
    Instalment("SSF-17-10", APRIL, "3625"),
    Instalment("SSF-17-10", AUGUST, "3625"),
    Instalment("LOC-17-1", date(2017, 10, 16), "3800"),
    Instalment("LOC-17-2", date(2017, 10, 16), "2650"),
)
AHEAD = (
    Instalment(
        "CSG-2017",
        date(2018, 1, 26),
        "64085.75",
        (
            (GateKind.REPORT_RECEIVED, "2017-18-Q3", None),
            (GateKind.UNDERSPEND_WITHIN, "", Decimal(15000)),
        ),
    ),
    Instalment("SSF-17-01", FEBRUARY, "13000", (Q3,)),
    Instalment("SSF-17-02", NOVEMBER, "7125", (Q2,)),
    Instalment("SSF-17-02", FEBRUARY, "7125", (Q3,)),
    Instalment("SSF-17-03", NOVEMBER, "4500", (Q2,)),
    Instalment("SSF-17-03", FEBRUARY, "4500", (Q3,)),
    Instalment("SSF-17-05", NOVEMBER, "7550", ((GateKind.UNSPENT_WITHIN, "", Decimal(3000)),)),
    Instalment("SSF-17-05", FEBRUARY, "6250", (Q3,)),
    Instalment("SSF-17-06", date(2018, 1, 31), "4000", purpose="8 sessions"),
    Instalment("SSF-17-06", date(2018, 4, 15), "3500", purpose="7 sessions"),
    Instalment("SSF-17-07", FEBRUARY, "5350", (Q3,)),
    Instalment("SSF-17-08", FEBRUARY, "6000", (Q3,)),
    Instalment("SSF-17-09", date(2017, 12, 18), "5500", (Q2,)),
    Instalment("SSF-17-09", FEBRUARY, "4000", (Q3,)),
)
LOCKS, TRAVEL, VISITS, MANAGEMENT = (
    "Locks, alarms and fitting",
    "Fitter's travel",
    "Home visits",
    "Management",
)
CLAIMS = (
    SentClaim(
        "SSF-17-04",
        "2017-18-Q1",
        ((LOCKS, "2782.40"), (TRAVEL, "230"), (VISITS, "700"), (MANAGEMENT, "200")),
        Decimal("3912.40"),
        sent_on=date(2017, 7, 20),
        decided_on=date(2017, 8, 7),
        paid_on=date(2017, 8, 14),
    ),
    SentClaim(
        "SSF-17-04",
        "2017-18-Q2",
        ((LOCKS, "4096.75"), (TRAVEL, "490"), (VISITS, "700"), (MANAGEMENT, "200")),
        Decimal("5186.75"),
        sent_on=date(2017, 11, 11),
        decided_on=date(2017, 11, 27),
        paid_on=date(2017, 12, 4),
        reason="300.00 pounds is VAT that you can reclaim",
        late_reason="Twelve days: an invoice was awaited",
    ),
)
CHANGES = (
    AskedChange(
        "SSF-17-01",
        date(2017, 9, 18),
        (
            ("Two advocates", (11125, 11125, 11125, 11125)),
            ("Travel and phones", (575, 575, 375, 375)),
            ("Safety items for clients", (425, 425, 625, 625)),
            ("Management and premises", (875, 875, 875, 875)),
        ),
        "Door chains and alarms cost more than thought",
    ),
    AskedChange(
        "SSF-17-05",
        date(2017, 12, 11),
        (
            ("Youth workers", (5000, 7000, 3400, 7600)),
            ("Activities", (700, 1200, 900, 600)),
            ("Training", (1000, 0, 0, 0)),
            ("Management", (650, 650, 650, 650)),
        ),
        "Eight sessions more in the February holiday, with money not spent before June",
    ),
    AskedChange(
        "SSF-17-05",
        date(2017, 12, 11),
        (
            ("Youth workers", (5000, 7000, 4500, 5000)),
            ("Activities", (700, 1200, 900, 600)),
            ("Training", (1000, 0, 0, 0)),
            ("Management", (650, 650, 650, 650)),
        ),
        "One of two workers began in June, not in April: this much is given back",
    ),
)
REPAYMENT = AskedBack(
    "SSF-17-10",
    "810",
    date(2017, 11, 20),
    received="500",
    received_on=date(2017, 12, 8),
    note="Its underspend",
)
