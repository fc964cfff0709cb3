"""Lists: the cursor, the incremental feed, CSV and the moment a list is true of. Once for every resource.

A page is `{"items", "next", "as_of"}`. `as_of` is the ledger's number that the first page saw; it rides
in the cursor, so what changes while somebody pages through is delivered by `updated_since=<as_of>` next time.
"""

import base64
import binascii
import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic_core import to_json
from sqlalchemy import func
from sqlmodel import Session, col, select
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api.access import JSON, Read
from app.db import seq
from app.domain.errors import RuleBroken
from app.models.ledger import AuditEvent

RUNS_IN_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Page:
    """What part of a list is asked for. `after` and `since` are row ids and ledger numbers."""

    limit: int
    after: int
    since: int | None
    as_of: int | None
    cursor: str | None
    updated_since: str | None


def page(
    limit: Annotated[int, Query(ge=1, le=500, description="Most items in one answer.")] = 100,
    cursor: Annotated[str | None, Query(max_length=400, description="From `next`; opaque.")] = None,
    updated_since: Annotated[
        str | None,
        Query(
            max_length=64,
            description="An `as_of` from an earlier answer, or an RFC 3339 instant (inclusive).",
        ),
    ] = None,
) -> Page:
    after, as_of = (0, None) if cursor is None else _read_cursor(cursor)
    return Page(limit, after, None, as_of, cursor, updated_since)


Paged = Annotated[Page, Depends(page)]


def page_of(item: type[Any]) -> Any:
    """The documented shape of a list of `item`."""
    fields = {"items": list[item], "next": str | None, "as_of": str}  # type: ignore[valid-type]
    return TypedDict(f"{item.__name__.removesuffix('Out')}Page", fields)  # type: ignore[operator]


def changed_since(call: Read, asked: Page) -> int | None:
    """The ledger number after which to tell, or None for everything."""
    if asked.updated_since is None:
        return None
    if asked.updated_since.startswith("s"):
        number = asked.updated_since[1:]
        if number.isascii() and number.isdigit() and len(number) < 19:
            return int(number)
    return _seq_before(call.session, _instant(asked.updated_since))


def rows_after(call: Read, asked: Page, model: Any) -> tuple[Any, ...]:
    """Conditions for a query of `model` in order of id: past the cursor, and changed since."""
    since = changed_since(call, asked)
    conditions: tuple[Any, ...] = (col(model.id) > asked.after,)
    return conditions if since is None else (*conditions, col(model.seq) > since)


def answer(
    call: Read,
    asked: Page,
    rows: Sequence[Any],
    item: Callable[[Any], Any],
    *,
    id_of: Callable[[Any], int] = lambda row: int(row.id),
) -> Response:
    """The page made of `rows`, which were asked for with `limit + 1` so that it shows whether more follow."""
    shown = rows[: asked.limit]
    as_of = asked.as_of if asked.as_of is not None else seq(call.session)
    following = None
    if len(rows) > asked.limit:
        following = _next_url(call, _cursor(id_of(shown[-1]), as_of))
    return whole(call, [item(row) for row in shown], as_of=as_of, following=following)


def whole(
    call: Read, items: Sequence[Any], *, as_of: int | None = None, following: str | None = None
) -> Response:
    """A list given in one piece, or the page already cut."""
    if _wants_csv(call):
        response = call.kept(csv_text(items).encode(), CSV)
    else:
        as_of = seq(call.session) if as_of is None else as_of
        response = call.kept(to_json({"items": items, "next": following, "as_of": f"s{as_of}"}), JSON)
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def csv_text(items: Iterable[Mapping[str, Any]]) -> str:
    """The same rows for machines: raw numbers, empty cells, nested names joined by a dot."""
    rows = [_flat(item) for item in items]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def neutral(text: str) -> str:
    """Text that a spreadsheet would run begins with an apostrophe instead."""
    return f"'{text}" if text.startswith(RUNS_IN_A_SPREADSHEET) else text


def restored(text: str) -> str:
    """Undoes `neutral`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RUNS_IN_A_SPREADSHEET) else text


def _flat(item: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, Mapping):
            cells.update(_flat(value, f"{prefix}{name}."))
        elif isinstance(value, list | tuple):
            cells[prefix + name] = neutral(json.dumps(value, ensure_ascii=False)) if value else ""
        elif isinstance(value, bool):
            cells[prefix + name] = "true" if value else "false"
        elif isinstance(value, str):
            cells[prefix + name] = neutral(value)
        else:
            cells[prefix + name] = "" if value is None else value
    return cells


def _wants_csv(call: Read) -> bool:
    asked = call.request.query_params.get("format")
    if asked not in (None, "csv", "json"):
        raise RuleBroken("format", "unknown_format", "Expected json or csv.")
    return asked == "csv" if asked else call.request.headers.get("accept", "").startswith("text/csv")


def _next_url(call: Read, cursor: str) -> str:
    return str(call.request.url.include_query_params(cursor=cursor).replace(scheme="", netloc=""))


def _cursor(after: int, as_of: int) -> str:
    return base64.urlsafe_b64encode(f"{after}.{as_of}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[int, int]:
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
        after, _, as_of = decoded.partition(".")
        if not (after.isdigit() and as_of.isdigit() and len(decoded) < 40):
            raise ValueError(decoded)
        return int(after), int(as_of)
    except (ValueError, binascii.Error) as error:
        raise RuleBroken(
            "cursor", "bad_cursor", "Expected the cursor from an earlier answer's `next`."
        ) from error


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or len(text) < 20:
        raise RuleBroken(
            "updated_since", "bad_instant", "Expected an `as_of`, or an instant such as 2017-12-20T09:00:00Z."
        )
    return instant


def _seq_before(session: Session, instant: datetime) -> int:
    """The number before the first change recorded at or after an instant."""
    first = session.exec(select(func.min(AuditEvent.seq)).where(col(AuditEvent.at) >= instant)).one()
    return (first - 1) if first is not None else seq(session)
