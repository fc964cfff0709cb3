from decimal import Decimal

import pytest

from app.domain.figures.rule import Comparison, Rule, WhenMissing

TITLES = {"burglary": "Burglary", "sexual": "Sexual offences", "total": "Total crime"}


def made(comparison: str = "at_most", when_missing: str = "skip") -> Rule:
    return Rule(
        "Crimes within the total",
        ("burglary", "sexual"),
        Comparison(comparison),
        ("total",),
        WhenMissing(when_missing),
    )


def against(burglary: int, sexual: int, total: int) -> dict[str, Decimal]:
    return {"burglary": Decimal(burglary), "sexual": Decimal(sexual), "total": Decimal(total)}


@pytest.mark.parametrize(
    ("comparison", "words", "holds"),
    [
        ("equal", "must equal", (False, True, False)),
        ("not_equal", "must differ from", (True, False, True)),
        ("at_most", "must be at most", (True, True, False)),
        ("below", "must be below", (True, False, False)),
        ("at_least", "must be at least", (False, True, True)),
        ("above", "must be above", (False, False, True)),
    ],
)
def test_six_comparisons(comparison: str, words: str, holds: tuple[bool, ...]) -> None:
    rule = made(comparison)
    assert rule.words(TITLES) == f"Burglary + Sexual offences {words} Total crime"
    broken = [rule.broken_by(against(30, sexual, 100), TITLES) for sexual in (60, 70, 80)]
    assert tuple(each is None for each in broken) == holds


def test_a_broken_rule_names_both_numbers() -> None:
    assert made().broken_by(against(1200, 40, 1000), TITLES) == (
        "Crimes within the total: Burglary + Sexual offences must be at most Total crime; "
        "here it is 1,240 against 1,000."
    )


def test_a_code_stands_for_a_title_nobody_knows() -> None:
    assert made().words({}) == "burglary + sexual must be at most total"


@pytest.mark.parametrize("missing", ["burglary", "sexual", "total"])
def test_what_is_missing_is_skipped_or_fails(missing: str) -> None:
    values = {code: value for code, value in against(1, 1, 1).items() if code != missing}
    assert made().broken_by(values, TITLES) is None
    words = made(when_missing="fail").broken_by(values, TITLES)
    assert words is not None
    assert words.endswith(f"and there is no figure of {TITLES[missing]}.")
