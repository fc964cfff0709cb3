"""Closing a grant's financial year: every unspent pound ends in exactly one place."""

from dataclasses import dataclass

from app.domain.errors import RuleBroken
from app.domain.grants.money import pounds_words


@dataclass(frozen=True, slots=True)
class YearClose:
    """Where the unspent money of a grant's year goes, in pence."""

    carried: int = 0
    """Stays with the recipient for next year."""
    netted: int = 0
    """Taken off the next payment."""
    waived: int = 0
    demanded: int = 0
    """Asked for back, and outstanding."""

    @property
    def total(self) -> int:
        return self.carried + self.netted + self.waived + self.demanded


def unspent(paid: int, repaid: int, spent_accepted: int) -> int:
    """Paid, less what came back and what was spent by accepted returns; negative where they are owed money."""
    return paid - repaid - spent_accepted


def require_year_close(close: YearClose, unspent: int) -> None:
    """RuleBroken unless the parts are 0 or more and sum to what is unspent."""
    for name in ("carried", "netted", "waived", "demanded"):
        if getattr(close, name) < 0:
            raise RuleBroken(name, "negative_amount", "An amount of money is 0 or more.")
    if unspent < 0:
        owed = pounds_words(-unspent)
        raise RuleBroken("unspent", "owed_to_them", f"They spent {owed} more than was paid. Pay that first.")
    if close.total != unspent:
        sums = f"{pounds_words(unspent)} was paid and not spent, and these add up to {pounds_words(close.total)}."
        raise RuleBroken("carried", "does_not_add_up", f"{sums} Every pound goes to exactly one of the four.")
