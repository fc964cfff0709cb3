"""How an import understands the targets that it adds, and which of them take a verdict away."""

from app.document.kit.load import Load, ReadTarget
from app.document.kit.tree import Path
from app.document.refusal import Problem
from app.domain.judgement.target_reading import read_target
from app.domain.plan.target_shape import Applies
from app.domain.plan.target_words import parse
from app.models.plan.baseline import Baseline
from app.models.plan.indicator import Indicator
from app.models.plan.target import Target
from app.queries.plan.target import as_baseline, understood_in_time


def report_target(
    work: Load, indicator: Indicator, baseline: Baseline | None, versions: list[Target], path: Path
) -> None:
    """Reports the newest of an indicator's targets, oldest first, beside the one that it follows."""
    measured, start, newest = indicator.judged(), as_baseline(baseline), versions[-1]
    reading = read_target(newest.words, measured, start)
    line = work.line(*path)
    understood_as = understood_in_time(reading, parse(newest.words), Applies(newest.applies))
    work.targets.append(
        ReadTarget(line, indicator.code, newest.words, understood_as, reading.not_judged_because)
    )
    before = read_target(versions[-2].words, measured, start) if len(versions) > 1 else None
    if before is not None and before.is_judged and not reading.is_judged:
        message = (
            f'The target of "{indicator.title}" is judged now, and will not be with "{newest.words}". '
            f"{reading.not_judged_because}"
        )
        work.warnings.append(Problem(line, "verdict_lost", message))
