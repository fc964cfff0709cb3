"""Lists: the cursor, the incremental feed, CSV and the moment a list is true of. Once for every resource.

A page is `{"items", "next", "as_of"}`. `as_of` is the ledger's number that the first page saw; it rides
in the cursor, so what changes while somebody pages through is delivered by `updated_since=<as_of>` next time.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, cast, get_args

from fastapi import Depends, Query
from pydantic_core import from_json
from sqlalchemy import func
from sqlmodel import Session, col, select
from starlette.responses import Response
from typing_extensions import TypedDict, get_type_hints

from app.api.server.call import JSON, Read
from app.api.server.encode import to_json
from app.db import epoch, seq
from app.domain.errors import RuleBroken
from app.domain.number import LARGEST_ROW_NUMBER, is_whole
from app.files.csv_out import Names, csv_text
from app.models.record.ledger import AuditEvent
from app.models.wire import INSTANT, PLAIN_DIGITS

CSV = "text/csv; charset=utf-8"
MARK = re.compile(r"s(0|[1-9][0-9]{0,17})(?:-([0-9a-f]{16}))?")


@dataclass(frozen=True)
class Page:
    """What part of a list is asked for. `after` is a row's id, `as_of` a ledger number."""

    limit: int
    after: int
    as_of: int | None
    updated_since: str | None
    newest_first: bool = False
    epoch: str = ""
    """That `as_of` counts in."""


# Dependencies that wait for nothing are coroutines: as plain functions they would each be sent to a thread and back.
Format = Annotated[
    Literal["json", "csv"] | None, Query(description="As `Accept: application/json` or `text/csv` say too.")
]


async def formatted(format: Format = None) -> None:
    """For a list given in one piece: `?format=` is one of its parameters."""


Formatted = Depends(formatted)


async def page(
    limit: Annotated[int, Query(ge=1, le=500, description="Most items in one answer."), PLAIN_DIGITS] = 100,
    cursor: Annotated[str | None, Query(max_length=400, description="From `next`; opaque.")] = None,
    updated_since: Annotated[
        str | None,
        Query(
            max_length=64,
            description="An `as_of` from an earlier answer, or an RFC 3339 instant (inclusive). 422 `state_put_back`"
            " where an earlier state was put back since: read everything anew.",
        ),
    ] = None,
    format: Format = None,
) -> Page:
    after, as_of, epoch_ = (0, None, "") if cursor is None else _read_cursor(cursor)
    return Page(limit, after, as_of, updated_since, epoch=epoch_)


Paged = Annotated[Page, Depends(page)]


async def either_way(
    asked: Paged,
    order: Annotated[Literal["oldest", "newest"], Query(description="Which comes first.")] = "oldest",
) -> Page:
    """For a list that people read from its end."""
    return replace(asked, newest_first=order == "newest")


PagedEitherWay = Annotated[Page, Depends(either_way)]


class Encoded(bytes):
    """An item that is JSON already."""

    def with_field(self, name: str, value: bytes) -> "Encoded":
        """The same object with one more field at its end, whose value is JSON too."""
        return Encoded(b'%b,"%b":%b}' % (self[:-1], name.encode(), value))


class RemovedOut(TypedDict):
    """Stands in `updated_since` for what is gone, or is no longer among what was asked for."""

    id: str
    removed: bool


def removed(id_: int) -> RemovedOut:
    return RemovedOut(id=str(id_), removed=True)


def page_of(item: type[Any], *, with_removed: bool = False) -> Any:
    """The documented shape of a list of `item`."""
    items = list[item | RemovedOut] if with_removed else list[item]  # type: ignore[valid-type]
    fields = {"items": items, "next": str | None, "as_of": str}
    return TypedDict(f"{item.__name__.removesuffix('Out')}Page", fields)  # type: ignore[operator]


def changed_since(call: Read, asked: Page) -> int | None:
    """The ledger number after which to tell, or None for everything."""
    if asked.updated_since is None:
        return None
    if (mark := MARK.fullmatch(asked.updated_since)) is not None:
        return _reached(call, "updated_since", int(mark[1]), mark[2] or "")
    return _seq_before(call.session, _instant(asked.updated_since))


def _mark(number: int, epoch_: str) -> str:
    """`as_of`, as it is told."""
    return f"s{number}-{epoch_}" if epoch_ else f"s{number}"


def _reached(call: Read, field: str, number: int, epoch_: str) -> int:
    """A ledger number that was told once. One of another epoch, or never reached, was told before a backup was put
    back: what changed since would be missed without a word."""
    if epoch_ != epoch(call.session) or number > seq(call.session):
        text = "An earlier state was put back since it was told. Read everything anew, without it."
        raise RuleBroken(field, "state_put_back", text)
    return number


def is_ledger_number(text: str) -> bool:
    """Whether it is one as answers write it; more digits than a 64-bit integer has are none."""
    return is_whole(text) and not text.startswith("-") and len(text) < 19


def rows_after(call: Read, asked: Page, model: Any) -> tuple[Any, ...]:
    """Conditions for a query of `model` in order of id: past the cursor, and changed since."""
    since = changed_since(call, asked)
    row = col(model.id)
    past = row < (asked.after or LARGEST_ROW_NUMBER) if asked.newest_first else row > asked.after
    return (past,) if since is None else (past, col(model.seq) > since)


def rows_added_after(call: Read, asked: Page, model: Any) -> tuple[Any, ...]:
    """As `rows_after`, of rows that never change: those added since are those with a higher id."""
    since = changed_since(call, asked)
    row = col(model.id)
    if since is None:
        return rows_after(call, asked, model)
    earlier = select(row).where(col(model.seq) <= since).order_by(col(model.seq).desc(), row.desc())
    last = call.session.exec(earlier.limit(1)).first() or 0
    if asked.newest_first:
        return (row < (asked.after or LARGEST_ROW_NUMBER), row > last)
    return (row > max(asked.after, last),)


def order_of(asked: Page, model: Any) -> Any:
    """What to order a query of `model` by, so that the cursor fits."""
    return col(model.id).desc() if asked.newest_first else col(model.id)


def answer(
    call: Read,
    asked: Page,
    rows: Sequence[Any],
    item: Callable[[Any], Any],
    *,
    id_of: Callable[[Any], int] = lambda row: int(row.id),
    names: Callable[[], Names] | None = None,
) -> Response:
    """The page made of `rows`, which were asked for with `limit + 1` so that it shows whether more follow.

    `names` is asked for CSV alone: which names of their own the items' objects may hold, on any page.
    """
    shown = rows[: asked.limit]
    as_of = seq(call.session) if asked.as_of is None else _reached(call, "cursor", asked.as_of, asked.epoch)
    following = None
    if len(rows) > asked.limit:
        following = _next_url(call, _cursor(id_of(shown[-1]), as_of, epoch(call.session)))
    return whole(call, [item(row) for row in shown], as_of=as_of, following=following, names=names)


def whole(
    call: Read,
    items: Sequence[Any],
    *,
    as_of: int | None = None,
    following: str | None = None,
    names: Callable[[], Names] | None = None,
) -> Response:
    """A list given in one piece, or the page already cut."""
    if _wants_csv(call):
        items = [from_json(each) if isinstance(each, Encoded) else each for each in items]
        text = csv_text(items, _kinds(call), names() if names is not None else None)
        response = call.kept(text.encode(), CSV)
    else:
        mark = _mark(seq(call.session) if as_of is None else as_of, epoch(call.session))
        response = call.kept(_page_json(items, following, mark), JSON)
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _page_json(items: Sequence[Any], following: str | None, mark: str) -> bytes:
    if not any(isinstance(each, Encoded) for each in items):
        return to_json({"items": items, "next": following, "as_of": mark})
    joined = b",".join(each if isinstance(each, Encoded) else to_json(each) for each in items)
    return b'{"items":[' + joined + b'],"next":' + to_json(following) + b',"as_of":' + to_json(mark) + b"}"


def _kinds(call: Read) -> tuple[type[Any], ...]:
    """Of what is listed, and of what stands in for it once it is gone."""
    listed = get_type_hints(call.request.scope["route"].response_model)["items"]
    (item,) = get_args(listed)
    return get_args(item) or (cast(type[Any], item),)


def _wants_csv(call: Read) -> bool:
    asked = call.request.query_params.get("format")
    return asked == "csv" if asked else call.request.headers.get("accept", "").startswith("text/csv")


def _next_url(call: Read, cursor: str) -> str:
    return str(call.request.url.include_query_params(cursor=cursor).replace(scheme="", netloc=""))


def _cursor(after: int, as_of: int, epoch_: str) -> str:
    inside = f"{after}.{as_of}.{epoch_}" if epoch_ else f"{after}.{as_of}"
    return base64.urlsafe_b64encode(inside.encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[int, int, str]:
    """A row's id, a ledger number and its epoch."""
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
        after, as_of, epoch_ = (*decoded.split("."), "")[:3]
        if not (is_whole(after) and is_ledger_number(as_of) and 0 <= int(after) <= LARGEST_ROW_NUMBER):
            raise ValueError(decoded)
        if text != _cursor(int(after), int(as_of), epoch_):
            raise ValueError(text)
        return int(after), int(as_of), epoch_
    except (ValueError, binascii.Error) as error:
        raise RuleBroken(
            "cursor", "bad_cursor", "Expected the cursor from an earlier answer's `next`."
        ) from error


def _instant(text: str) -> datetime:
    try:
        # A plus sign that was not encoded arrives as a space.
        text = text.upper().replace(" ", "+")
        if INSTANT.fullmatch(text) is None:
            raise ValueError(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RuleBroken(
            "updated_since", "bad_instant", "Expected an `as_of`, or an instant such as 2017-12-20T09:00:00Z."
        ) from error


def _seq_before(session: Session, instant: datetime) -> int:
    """The number before the first change recorded at or after an instant."""
    first = session.exec(select(func.min(AuditEvent.seq)).where(col(AuditEvent.at) >= instant)).one()
    return (first - 1) if first is not None else seq(session)
