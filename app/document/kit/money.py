"""Amounts of money in the plan document: pounds, stored as whole pence."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from app.document.kit.entry import Number
from app.domain.errors import RuleBroken
from app.domain.grants.money import pence_of, pounds_of


def _whole_pence(pounds: Decimal) -> Decimal:
    try:
        pence_of(pounds, "amount")
    except RuleBroken as error:
        raise PydanticCustomError(error.code, "{reason}", {"reason": error.message}) from error
    return pounds


Pounds = Annotated[Number, AfterValidator(_whole_pence)]
"""0 or more, with two decimals at most."""


def pence_or_none(pounds: Decimal | None) -> int | None:
    return None if pounds is None else pence_of(pounds, "amount")


def pounds_or_none(pence: int | None) -> Decimal | None:
    return None if pence is None else pounds_of(pence)
