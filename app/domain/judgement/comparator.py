"""Rates a target of being better than other areas: one verdict for each area, then one overall."""

from app.domain.figures.figure import Figure
from app.domain.judgement.rating_input import Comparator, sums_over_time
from app.domain.judgement.verdict import Rating, RatingStatus
from app.domain.plan.indicator import Indicator, Polarity
from app.domain.plan.target_shape import Comparators
from app.domain.plan.target_vocabulary import Move, Needs


def against_others(
    target: Comparators, indicator: Indicator, figure: Figure, comparators: tuple[Comparator, ...]
) -> Rating:
    """Compares by name of area; counts of areas of different sizes are not compared, nor are other months."""
    lower = _lower_wins(target, indicator)
    if lower is None:
        reason = f"The target is {target.words}, and the indicator does not say which way is better."
        return Rating(RatingStatus.NO_TARGET, reason)
    if sums_over_time(indicator):
        reason = "Counts of areas of different sizes are not compared: it needs a rate."
        return Rating(RatingStatus.NOT_COMPARABLE, reason)
    by_name = {c.name.casefold(): c for c in comparators}
    verdicts: list[bool] = []
    verdict_texts: list[str] = []
    for name in target.names:
        comparator = by_name.get(name.casefold())
        passed, words = _compare_area(name, comparator, indicator, figure, lower)
        verdict_texts.append(words)
        if passed is not None:
            verdicts.append(passed)
    number = indicator.words(figure.value) if figure.value is not None else ""
    reason = f"{number} in {figure.period.short_label}: {'; '.join(verdict_texts)}. Target: {target.words}."
    return Rating(_overall(target.needs, verdicts, len(target.names)), reason)


def _lower_wins(target: Comparators, indicator: Indicator) -> bool | None:
    if target.move is not Move.BETTER:
        return target.move is Move.DOWN
    if indicator.polarity in (Polarity.IN_BAND, Polarity.MONITOR):
        return None
    return indicator.polarity is Polarity.LOWER_IS_BETTER


def _compare_area(
    name: str, comparator: Comparator | None, indicator: Indicator, figure: Figure, lower: bool
) -> tuple[bool | None, str]:
    if comparator is None or figure.value is None:
        return None, f"no figure for {name}"
    if comparator.period is not None and comparator.period != figure.period:
        return None, f"{name} is for {comparator.period.short_label}, not comparable"
    ours, theirs = figure.value, comparator.value
    side = "below" if ours < theirs else "above" if ours > theirs else "level with"
    version = f", {comparator.version}" if comparator.version else ""
    return (ours < theirs if lower else ours > theirs), f"{side} {name} ({indicator.words(theirs)}{version})"


def _overall(needs: Needs, verdicts: list[bool], area_count: int) -> RatingStatus:
    """Joins the verdicts; no data only where missing ones could change the result."""
    required = {Needs.ALL: area_count, Needs.ANY: 1, Needs.MOST: area_count // 2 + 1}[needs]
    passed = sum(verdicts)
    if passed >= required:
        return RatingStatus.MET
    return RatingStatus.NO_DATA if passed + area_count - len(verdicts) >= required else RatingStatus.MISSED
