"""The rules of a fund, as data."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.grants.underspend_draft import CarryOver
from app.domain.grants.variation import VirementLimit


class Basis(StrEnum):
    CASH = "cash"
    ACCRUALS = "accruals"


class Vat(StrEnum):
    NET = "net"
    GROSS = "gross"


class UnderspendOver(StrEnum):
    """Over what an underspend is taken."""

    FUND = "fund"
    FUNDER = "funder"


class Detail(StrEnum):
    """How much a grant of some size has to say."""

    ONE_PAGE = "one_page"
    """No lines, no profile, one report."""
    QUARTERS = "quarters"
    """Totals by quarter."""
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class FundRules:
    """Amounts in pence. What is None is not said by the funder."""

    virement: VirementLimit | None = None
    small_grant_cap: int = 5_000_00
    lines_above: int = 25_000_00
    underspend_limit: int | None = None
    underspend_over: UnderspendOver = UnderspendOver.FUND
    report_days: int = 30
    keep_years: int = 7
    carry_over: CarryOver = CarryOver.NONE
    basis: Basis | None = None
    vat: Vat | None = None

    def detail(self, pence: int) -> Detail:
        if pence <= self.small_grant_cap:
            return Detail.ONE_PAGE
        return Detail.QUARTERS if pence <= self.lines_above else Detail.LINES
