"""The id of a return: its quarter and its agency, such as `2017-18-Q2~police`."""

from app.domain.errors import NotFound, RuleBroken
from app.domain.period import Period
from app.domain.period_text import parse_period


def return_id(quarter: Period, agency: str) -> str:
    return f"{quarter}~{agency}"


def parse_id(text: str) -> tuple[Period, str]:
    """Parses an id into quarter and agency code; raises NotFound where it is none."""
    period, _, agency = text.partition("~")
    try:
        quarter = parse_period(period)
    except RuleBroken as error:
        raise NotFound("The return") from error
    if not quarter.is_quarter or not agency:
        raise NotFound("The return")
    return quarter, agency
