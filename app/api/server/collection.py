"""Pages of lists, as JSON or CSV: the cursor and the incremental feed (`updated_since`).

A page is `{"items", "next", "as_of"}`. `as_of` is the ledger number that the first page was read at. The cursor
carries it, so changes made while a client pages through are delivered by `updated_since=<as_of>` next time.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
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
from app.api.server.link import address_of
from app.db import epoch, seq
from app.domain.errors import RuleBroken
from app.domain.number import LARGEST_ROW_NUMBER, is_whole
from app.files.csv_out import Names, csv_text
from app.models.link import Link
from app.models.record.ledger import AuditEvent
from app.models.wire import INSTANT, PLAIN_DIGITS

CSV = "text/csv; charset=utf-8"
MARK = re.compile(r"s(0|[1-9][0-9]{0,17})(?:-([0-9a-f]{16}))?")


@dataclass(frozen=True)
class Page:
    """The page of a list that a request names. `after` is a row's id, `as_of` a ledger number."""

    limit: int
    after: int
    as_of: int | None
    updated_since: str | None
    newest_first: bool = False
    epoch: str = ""
    """Epoch of `as_of`."""


# Coroutines, although they await nothing: FastAPI would run plain functions in a thread.
Format = Annotated[
    Literal["json", "csv"] | None, Query(description="As `Accept: application/json` or `text/csv` say too.")
]


async def declare_format(format: Format = None) -> None:
    """Declares `?format=` for a list without pages."""


Formatted = Depends(declare_format)


async def parse_page(
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
    """Parses the page from the query."""
    after, as_of, epoch_ = (0, None, "") if cursor is None else _read_cursor(cursor)
    return Page(limit, after, as_of, updated_since, epoch=epoch_)


Paged = Annotated[Page, Depends(parse_page)]


async def parse_page_in_either_order(
    page: Paged,
    order: Annotated[Literal["oldest", "newest"], Query(description="Which comes first.")] = "oldest",
) -> Page:
    """Parses the page of a list that can be read from either end."""
    return replace(page, newest_first=order == "newest")


PagedInEitherOrder = Annotated[Page, Depends(parse_page_in_either_order)]


class Encoded(bytes):
    """An item already encoded as JSON."""

    def with_field(self, name: str, content: bytes) -> "Encoded":
        """Appends a field, whose content is encoded too, to the object."""
        return Encoded(b'%b,"%b":%b}' % (self[:-1], name.encode(), content))


class RemovedOut(TypedDict):
    """In `updated_since`: a row that was removed, or no longer matches the filters."""

    id: str
    removed: bool


def removed(id_: int) -> RemovedOut:
    return RemovedOut(id=str(id_), removed=True)


def page_of(shape: type[Any], *, with_removed: bool = False) -> Any:
    """Makes the documented shape of a page whose items have `shape`."""
    items = list[shape | RemovedOut] if with_removed else list[shape]  # type: ignore[valid-type]
    fields = {"items": items, "next": str | None, "as_of": str}
    return TypedDict(f"{shape.__name__.removesuffix('Out')}Page", fields)  # type: ignore[operator]


def changed_since(call: Read, page: Page) -> int | None:
    """Ledger number after which changes are listed; None for everything."""
    if page.updated_since is None:
        return None
    if (mark := MARK.fullmatch(page.updated_since)) is not None:
        return _require_reached(call, "updated_since", int(mark[1]), mark[2] or "")
    return _seq_before(call.session, _instant(page.updated_since))


def _as_of_text(number: int, epoch_: str) -> str:
    """Formats `as_of`."""
    return f"s{number}-{epoch_}" if epoch_ else f"s{number}"


def _require_reached(call: Read, field: str, number: int, epoch_: str) -> int:
    """Returns an issued ledger number; refuses one of another epoch, or never reached.

    It was issued before a restore, and changes since then would be missed silently.
    """
    if epoch_ != epoch(call.session) or number > seq(call.session):
        text = "An earlier state was put back since it was told. Read everything anew, without it."
        raise RuleBroken(field, "state_put_back", text)
    return number


def is_ledger_number(text: str) -> bool:
    """Whether a text is a ledger number as answers write it, of at most 18 digits so that it fits 64 bits."""
    return is_whole(text) and not text.startswith("-") and len(text) < 19


def rows_after(call: Read, page: Page, model: Any) -> tuple[Any, ...]:
    """Conditions for a query of `model` in order of id: after the cursor, and changed since `updated_since`."""
    since = changed_since(call, page)
    row = col(model.id)
    past = row < (page.after or LARGEST_ROW_NUMBER) if page.newest_first else row > page.after
    return (past,) if since is None else (past, col(model.seq) > since)


def rows_added_after(call: Read, page: Page, model: Any) -> tuple[Any, ...]:
    """As `rows_after`, for rows that never change: those added since have higher ids."""
    since = changed_since(call, page)
    row = col(model.id)
    if since is None:
        return rows_after(call, page, model)
    earlier = select(row).where(col(model.seq) <= since).order_by(col(model.seq).desc(), row.desc())
    last = call.session.exec(earlier.limit(1)).first() or 0
    if page.newest_first:
        return (row < (page.after or LARGEST_ROW_NUMBER), row > last)
    return (row > max(page.after, last),)


def order_of(page: Page, model: Any) -> Any:
    """The order of a query of `model` that fits the cursor."""
    return col(model.id).desc() if page.newest_first else col(model.id)


@dataclass(frozen=True)
class PageRows:
    """Rows of one page, the ledger number of the first page, and the address of the next page, if any."""

    rows: Sequence[Any]
    as_of: int
    next_url: str | None


def cut_page(
    call: Read, page: Page, rows: Sequence[Any], id_of: Callable[[Any], int] = lambda row: int(row.id)
) -> PageRows:
    """Cuts `rows` to the page. They were queried with `limit + 1`, to see whether more follow."""
    page_rows = rows[: page.limit]
    as_of = (
        seq(call.session) if page.as_of is None else _require_reached(call, "cursor", page.as_of, page.epoch)
    )
    next_url = None
    if len(rows) > page.limit:
        next_url = _next_url(call, _cursor(id_of(page_rows[-1]), as_of, epoch(call.session)))
    return PageRows(page_rows, as_of, next_url)


def respond_page(
    call: Read,
    page: Page,
    rows: Sequence[Any],
    to_item: Callable[[Any], Any],
    id_of: Callable[[Any], int] = lambda row: int(row.id),
) -> Response:
    """Answers the page of `rows`, which were queried with `limit + 1`."""
    page_rows = cut_page(call, page, rows, id_of)
    return respond_items(call, [to_item(row) for row in page_rows.rows], page_rows)


def respond_items(
    call: Read,
    items: Sequence[Any],
    page_rows: PageRows | None = None,
    names: Callable[[], Names] | None = None,
) -> Response:
    """Answers items as JSON or CSV: those of a page, or without `page_rows` a whole list.

    `names` is called for CSV only: the names that free-form objects in the items may have, on any page.
    """
    as_of, next_url = (page_rows.as_of, page_rows.next_url) if page_rows else (seq(call.session), None)
    if _wants_csv(call):
        items = [from_json(each) if isinstance(each, Encoded) else _with_addresses(each) for each in items]
        text = csv_text(items, _kinds(call), names() if names is not None else None)
        response = call.cacheable(text.encode(), CSV)
    else:
        response = call.cacheable(_page_json(items, next_url, _as_of_text(as_of, epoch(call.session))), JSON)
    if next_url is not None:
        response.headers["Link"] = f'<{next_url}>; rel="next"'
    return response


def _with_addresses(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: address_of(field) if isinstance(field, Link) else field for name, field in item.items()}


def _page_json(items: Sequence[Any], next_url: str | None, as_of: str) -> bytes:
    if not any(isinstance(each, Encoded) for each in items):
        return to_json({"items": items, "next": next_url, "as_of": as_of})
    joined = b",".join(each if isinstance(each, Encoded) else to_json(each) for each in items)
    return b'{"items":[' + joined + b'],"next":' + to_json(next_url) + b',"as_of":' + to_json(as_of) + b"}"


def _kinds(call: Read) -> tuple[type[Any], ...]:
    """Types of the items in the route's page: the shape, and RemovedOut where it lists removed rows."""
    list_type = get_type_hints(call.request.scope["route"].response_model)["items"]
    (shape,) = get_args(list_type)
    return get_args(shape) or (cast(type[Any], shape),)


def _wants_csv(call: Read) -> bool:
    format_ = call.request.query_params.get("format")
    return format_ == "csv" if format_ else call.request.headers.get("accept", "").startswith("text/csv")


def _next_url(call: Read, cursor: str) -> str:
    return str(call.request.url.include_query_params(cursor=cursor).replace(scheme="", netloc=""))


def _cursor(after: int, as_of: int, epoch_: str) -> str:
    inside = f"{after}.{as_of}.{epoch_}" if epoch_ else f"{after}.{as_of}"
    return base64.urlsafe_b64encode(inside.encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[int, int, str]:
    """Parses a cursor into a row's id, a ledger number and its epoch."""
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
    """Ledger number just before the first change recorded at or after an instant; the latest if there is none."""
    first = session.exec(select(func.min(AuditEvent.seq)).where(col(AuditEvent.at) >= instant)).one()
    return (first - 1) if first is not None else seq(session)
