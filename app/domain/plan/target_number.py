"""Numbers in a target's words."""

from decimal import Decimal

NUMBER = r"(?:[0-9]{1,3}(?:, ?[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,6})?"


def parse_number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(" ", ""))
