"""A plan document and POST /figures refuse the same figures."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from tests.build import Service, assert_problem
from tests.town import DOCUMENT, Town, figures

QUARTER = "2017-18-Q1"
GOOD: dict[str, dict[str, Any]] = {
    "a count": {"indicator": "dwelling-fires", "value": 12},
    "an amount in pounds and pence": {"indicator": "damage-cost", "value": 1.23},
    "a survey with its margin": {
        "indicator": "asb-satisfaction",
        "value": 61.5,
        "margin": 3,
        "margin_level": 95,
    },
    "a ratio": {
        "indicator": "treatment-completion-opiate",
        "period": "2016-07/2017-06",
        "numerator": 94,
        "denominator": 2000,
    },
}
BAD: dict[str, dict[str, Any]] = {
    "a part of a person": {"indicator": "dwelling-fires", "value": 1.5},
    "a count below zero": {"indicator": "dwelling-fires", "value": -1},
    "a percentage over a hundred": {"indicator": "asb-satisfaction", "value": 101},
    "a percentage whose part exceeds its whole": {
        "indicator": "treatment-completion-opiate",
        "period": "2016-07/2017-06",
        "numerator": 3,
        "denominator": 2,
    },
    "a numerator alone": {
        "indicator": "treatment-completion-opiate",
        "period": "2016-07/2017-06",
        "numerator": 3,
    },
    "parts of a penny": {"indicator": "damage-cost", "value": 1.234},
    "a margin below zero": {"indicator": "asb-satisfaction", "value": 61.5, "margin": -3, "margin_level": 95},
    "a margin at no level": {"indicator": "asb-satisfaction", "value": 61.5, "margin": 3, "margin_level": 0},
    "a numerator below zero": {
        "indicator": "treatment-completion-opiate",
        "period": "2016-07/2017-06",
        "numerator": -94,
        "denominator": -2000,
    },
}


def document(row: dict[str, Any]) -> str:
    """The town's plan with one figure more."""
    entry = {"period": QUARTER, **{name: value for name, value in row.items() if name != "indicator"}}
    words = ", ".join(f"{name}: {value}" for name, value in entry.items())
    group = f"    - {{status: final, rows: [{{{words}}}]}}\n"
    return DOCUMENT.rstrip("\n") + f"\n  {row['indicator']}:\n{group}"


async def taken_by_document(service: Service, town: Town, row: dict[str, Any]) -> bool:
    return await is_imported(service, town, document(row))


async def is_imported(service: Service, town: Town, content: str) -> bool:
    answer = await service.post(
        "/plans/import?dry_run=true",
        town.admin,
        content=content.encode(),
        headers={"Content-Type": "application/yaml"},
    )
    assert answer.status_code in (200, 422), answer.text
    return answer.status_code == 200


async def taken_by_api(service: Service, town: Town, row: dict[str, Any]) -> bool:
    sent = figures({"period": QUARTER, "status": "final", **row})
    answer = await service.post("/figures?dry_run=true", town.admin, json=sent)
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["status"] == "accepted")


@pytest.mark.parametrize("row", GOOD.values(), ids=GOOD)
async def test_both_take(one_service: Service, one_town: Town, row: dict[str, Any]) -> None:
    assert await taken_by_api(one_service, one_town, row)
    assert await taken_by_document(one_service, one_town, row)


@pytest.mark.parametrize("what", BAD)
async def test_the_api_refuses(one_service: Service, one_town: Town, what: str) -> None:
    assert not await taken_by_api(one_service, one_town, BAD[what])


@pytest.mark.parametrize("what", BAD)
async def test_a_document_is_refused(one_service: Service, one_town: Town, what: str) -> None:
    assert not await taken_by_document(one_service, one_town, BAD[what])


async def test_the_api_refuses_a_tolerance_below_zero(one_service: Service, one_town: Town) -> None:
    answer = await one_service.ask(
        "PATCH",
        "/indicators/dwelling-fires",
        one_town.admin,
        json={"tolerance": -3, "reason": "Agreed"},
        headers={"If-Match": "*"},
    )
    assert_problem(answer, 422, "negative", "tolerance")


async def test_a_document_with_a_tolerance_below_zero_is_refused(
    one_service: Service, one_town: Town
) -> None:
    content = DOCUMENT.replace("code: dwelling-fires,", "code: dwelling-fires, tolerance: -3,")
    assert not await is_imported(one_service, one_town, content.replace("code: plan\n", "code: another\n"))


NUMBERS = (-3, -0.5, 0, 0.000001, 1, 1.23, 1.234, 12, 43.3, 100, 100.1, 2000)
MEASURED = ("dwelling-fires", "damage-cost", "asb-satisfaction", "treatment-completion-opiate")
ROWS = 60
"""At a time: a document's errors are listed up to 200."""


def generated(random: Random, month: int) -> dict[str, Any]:
    """A row with whatever its fields may hold, most of it wrong."""

    def perhaps(choices: Sequence[Any], share: float) -> Any:
        return random.choice(choices) if random.random() < share else None

    year, within = divmod(month, 12)
    period = f"{year}-{within + 1:02d}/{year}-{within + 1:02d}"
    row = {
        "value": perhaps(NUMBERS, 0.7),
        "numerator": perhaps(NUMBERS, 0.3),
        "denominator": perhaps(NUMBERS, 0.3),
        "margin": perhaps(NUMBERS, 0.3),
        "margin_level": perhaps(NUMBERS, 0.3),
        "missing": perhaps(["awaited", "confidential", "not_collected"], 0.25),
        "expected_on": perhaps(["2018-03-01"], 0.25),
        "status": perhaps(["provisional", "final", "estimated", "forecast"], 1),
    }
    given = {name: value for name, value in row.items() if value is not None}
    return {"indicator": random.choice(MEASURED), "period": period, **given}


async def said_by_api(service: Service, town: Town, rows: list[dict[str, Any]]) -> list[set[tuple[str, str]]]:
    answer = await service.post("/figures?dry_run=true", town.admin, json=figures(*rows))
    assert answer.status_code == 200, answer.text
    return [
        {(error["code"], f"{error['field']}: {error['message']}") for error in row["errors"]}
        for row in answer.json()["rows"]
    ]


async def said_of_document(
    service: Service, town: Town, rows: list[dict[str, Any]]
) -> list[set[tuple[str, str]]]:
    content = DOCUMENT.rstrip("\n")
    lines = []
    for code in MEASURED:
        content += f"\n  {code}:\n    - rows:"
        for row in (row for row in rows if row["indicator"] == code):
            words = ", ".join(
                f"{name}: {value:.6f}" if isinstance(value, float) else f"{name}: {value}"
                for name, value in row.items()
                if name != "indicator"
            )
            content += f"\n        - {{{words}}}"
            lines.append((content.count("\n") + 1, rows.index(row)))
    answer = await service.post(
        "/plans/import?dry_run=true",
        town.admin,
        content=f"{content}\n".encode(),
        headers={"Content-Type": "application/yaml"},
    )
    assert answer.status_code in (200, 422), answer.text
    row_at = dict(lines)
    said: list[set[tuple[str, str]]] = [set() for _ in rows]
    for error in answer.json().get("errors", ()):
        said[row_at[error["row"]]].add((error["code"], error["message"]))
    return said


@pytest.mark.parametrize("seed", range(6))
async def test_both_say_the_same_of_whatever_comes(one_service: Service, one_town: Town, seed: int) -> None:
    """Every finding, in the same words, of rows made by chance; and good and bad ones are among them."""
    random = Random(seed)
    rows = [generated(random, 1990 * 12 + number) for number in range(ROWS)]
    by_api = await said_by_api(one_service, one_town, rows)
    assert await said_of_document(one_service, one_town, rows) == by_api
    assert 5 < sum(bool(each) for each in by_api) <= ROWS - 2
