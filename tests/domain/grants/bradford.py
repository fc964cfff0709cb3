"""The demonstration's grants of 2017/18, in pounds as its page adds them up. All of it is invented."""

from app.domain.grants.fund_sums import AllocationMoney, DelegatedMoney
from app.domain.grants.grant_sums import GrantMoney

ALLOCATED = 256_343_00
LIMIT = 15_000_00
GROUP = "neighbourhood-community-relations"


def _grant(code: str, *pounds: float) -> GrantMoney:
    """A grant awarded in full. `pounds`: approved, scheduled, paid, spent, forecast."""
    approved, scheduled, paid, spent, forecast = (round(each * 100) for each in pounds)
    return GrantMoney(code, approved, approved, scheduled, paid, spent=spent, forecast=forecast)


GRANTS = (
    _grant("SSF-17-01", 52_000, 52_000, 39_000, 25_660, 52_000),
    _grant("SSF-17-02", 28_500, 28_500, 14_250, 14_400, 28_500),
    _grant("SSF-17-03", 18_000, 18_000, 9_000, 2_850, 18_000),
    _grant("SSF-17-04", 24_000, 9_099.15, 9_099.15, 9_099.15, 22_000),
    _grant("SSF-17-05", 30_000, 30_000, 16_200, 10_410, 25_900),
    _grant("SSF-17-06", 15_000, 15_000, 7_500, 7_500, 15_000),
    _grant("SSF-17-07", 22_000, 22_000, 16_650, 11_040, 21_640),
    _grant("SSF-17-08", 12_000, 12_000, 6_000, 0, 12_000),
    _grant("SSF-17-09", 16_000, 16_000, 6_500, 4_260, 15_000),
    GrantMoney("SSF-17-10", 7_250_00, 14_500_00, 7_250_00, 7_250_00, 500_00, 6_440_00, forecast=6_440_00),
)
LOCAL = (
    GrantMoney("LOC-17-1", 3_800_00, 3_800_00, 3_800_00, 3_800_00, spent=3_640_00),
    GrantMoney("LOC-17-2", 2_650_00, 2_650_00, 2_650_00, 2_650_00),
)
ALLOCATION = AllocationMoney(ALLOCATED, GRANTS, (DelegatedMoney(GROUP, 10_000_00, LOCAL),))
