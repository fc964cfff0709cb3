"""A deployment with a plan of as many indicators as wanted, and a key that may do everything with figures.

It goes in as a plan document, so it is what a real partnership's import would leave behind.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import select

from app.commands.access import key
from app.commands.change import Change
from app.db import Database
from app.document.load.load import load
from app.document.read import parse_document
from app.domain.access.authority import Actor, Scope
from app.domain.period import Period
from app.models.plan.partnership import Agency, Partnership

TODAY = date(2017, 12, 20)
NOW = datetime(2017, 12, 20, 9, tzinfo=UTC)
STOCKER = Actor.of_service("stocker")
OWN_AREA = "E08000032"
SCOPES = tuple(Scope)


def stock(database_url: str, indicators: Sequence[dict[str, Any]], wards: int = 0) -> str:
    """Puts the plan into a migrated database and gives the secret of a key of the agency that answers for it.

    Each indicator needs `code`; what it does not say is a monthly count where fewer are better.
    """
    document = parse_document(json.dumps(_document(indicators, wards)))
    database = Database(database_url)
    try:
        with database.write() as session:
            change = Change(session, STOCKER, None, TODAY, NOW)
            load(change, document, partnerships_allowed=None)
            agency, partnerships = session.exec(select(Agency)).one(), session.exec(select(Partnership)).all()
            wanted = key.NewKey("Figures from the records system", agency, partnerships, frozenset(SCOPES))
            made = key.create(change, wanted, datetime.now(UTC))
            return made.secret
    finally:
        database.close()


def counts(many: int) -> list[dict[str, Any]]:
    """Indicators that take any whole number."""
    return [{"code": f"count-{number:02}"} for number in range(1, many + 1)]


def months(many: int) -> list[str]:
    """The newest `many` whole months before TODAY, oldest first, as periods are written."""
    last = TODAY.year * 12 + TODAY.month - 2
    return [str(Period(month, 1)) for month in range(last - many + 1, last + 1)]


def ward(number: int) -> str:
    return f"E05{number:06}"


def _document(indicators: Sequence[dict[str, Any]], wards: int) -> dict[str, Any]:
    areas = [{"code": OWN_AREA, "name": "Bradford", "kind": "district"}]
    areas += [
        {"code": ward(number), "name": f"Ward {number}", "kind": "ward", "within": OWN_AREA}
        for number in range(1, wards + 1)
    ]
    return {
        "saferplan": "1",
        "partnership": {
            "code": "bradford",
            "name": "Bradford District Safer and Stronger Communities Partnership",
            "short_name": "Bradford District",
            "area": OWN_AREA,
        },
        "areas": areas,
        "agencies": [{"code": "police", "name": "West Yorkshire Police", "kind": "responsible_authority"}],
        "plan": {
            "code": "plan",
            "version": "1",
            "title": "Safer and Stronger Communities Plan 2017 to 2020",
            "status": "adopted",
            "first_year": "2017-18",
            "last_year": "2019-20",
            "baseline_period": "2016-17",
        },
        "priorities": [
            {
                "code": f"priority-{first // 20 + 1}",
                "title": f"Priority {first // 20 + 1}",
                "measures": [
                    {
                        "code": each["code"],
                        "words": f"Measure of {each['code']}",
                        "indicators": [each["code"]],
                    }
                    for each in indicators[first : first + 20]
                ],
            }
            for first in range(0, len(indicators), 20)
        ],
        "indicators": [_indicator(each) for each in indicators],
    }


def _indicator(said: dict[str, Any]) -> dict[str, Any]:
    whole = {
        "title": f"Incidents recorded as {said['code']}",
        "measure": "count",
        "polarity": "lower_is_better",
        "frequency": "month",
        "adds_up": "sum",
        "responsible": "police",
        "target": "Reduction",
        "baseline": {"period": "2016-17", "value": "1200"},
    }
    return whole | said
