import random
from decimal import Decimal
from math import inf

import pytest

from app.domain.judgement.significance import (
    counts_differ,
    dispersion,
    newcombe,
    rare_counts_differ,
    survey_margin,
    t95,
    wilson,
    z_of,
)


@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [
        # Newcombe 1998, table II, method 10: the examples with unequal groups, small groups and a zero.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_difference_of_proportions(
    after: tuple[float, float], before: tuple[float, float], low: float, high: float
) -> None:
    assert newcombe(after, before) == pytest.approx((low, high), abs=5e-5)


def test_score_interval() -> None:
    # Newcombe 1998 (single proportion), 81 of 263.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(("freedom", "t"), [(10, 2.2281), (11, 2.2010), (20, 2.0860), (60, 2.0003)])
def test_student_quantiles(freedom: int, t: float) -> None:
    assert t95(freedom) == pytest.approx(t, abs=2e-3)


@pytest.mark.parametrize(("level", "z"), [(95, 1.95996), (90, 1.64485), (99, 2.57583)])
def test_normal_quantiles(level: float, z: float) -> None:
    assert z_of(level) == pytest.approx(z, abs=1e-5)


def test_an_impossible_confidence_level_does_not_break() -> None:
    assert 0 < z_of(0) < z_of(100) < inf


def test_dispersion_of_poisson_counts_is_about_one_and_of_clustered_counts_more() -> None:
    chance = random.Random(7)
    near_poisson = [(chance.gauss(400, 20), chance.gauss(400, 20)) for _ in range(400)]
    clustered = [(chance.gauss(400, 60), chance.gauss(400, 60)) for _ in range(400)]
    assert 1 <= dispersion(near_poisson)[0] < 1.3
    assert 7 < dispersion(clustered)[0] < 11


@pytest.mark.parametrize(
    ("pairs", "phi", "kept"),
    [
        ([], 1.0, 0),
        ([(5, 5)], 1.0, 1),
        ([(0, 0)] * 20, 1.0, 0),
        ([(5, 0)] * 20, 1.0, 20),
        ([(20, 10)] * 20, 1.0, 20),
        ([(30, 10), (10, 30)], 20.0, 2),
    ],
)
def test_dispersion_has_a_floor_and_takes_out_common_growth(
    pairs: list[tuple[float, float]], phi: float, kept: int
) -> None:
    assert dispersion(pairs) == pytest.approx((phi, kept))


def test_the_same_change_is_real_for_even_counts_and_chance_for_clustered_ones() -> None:
    assert counts_differ(1100, 1000, 1.0, 20)
    assert not counts_differ(1100, 1000, 10.0, 20)
    assert not counts_differ(0, 0, 1.0, 20)


@pytest.mark.parametrize(
    ("after", "before", "real"),
    [(0, 5, False), (0, 6, True), (6, 0, True), (8, 1, True), (7, 2, False), (0, 0, False)],
)
def test_rare_counts(after: int, before: int, real: bool) -> None:
    assert rare_counts_differ(after, before) is real


def test_margins_of_one_wave_are_joined_and_of_a_difference_taken_as_it_is() -> None:
    three, four = Decimal(3), Decimal(4)
    assert survey_margin(three, None, "wave", four, None) == pytest.approx(5)
    assert survey_margin(three, None, None, None, None) == pytest.approx(18**0.5)
    assert survey_margin(three, Decimal(95), "difference", four, None) == pytest.approx(3)
    assert survey_margin(three, Decimal(90), "difference", None, None) == pytest.approx(
        3 * 1.95996 / 1.64485, abs=1e-4
    )
