"""Filters of lists of money."""

from typing import Annotated

from fastapi import Query

OfGrant = Annotated[str | None, Query(description="Those of the grant with this reference.")]
