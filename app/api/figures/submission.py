"""Submissions, each with its receipt."""

from typing import Annotated

from sqlalchemy.orm import defer
from sqlmodel import col, select
from starlette.responses import Response

from app.api.server import collection, openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.collection import PagedInEitherOrder
from app.domain.access.authority import Scope
from app.domain.errors import NotFound
from app.domain.number import row_number
from app.models.author import author_out
from app.models.figures.submission import CountsOut, Submission, SubmissionOut, SubmissionWithRowsOut
from app.models.plan.partnership import Agency
from app.models.wire import instant_text
from app.queries.figures import submission as submissions
from app.queries.figures.submission_access import is_visible_to

router = make_router("figures")
Reader = Annotated[Read, reading(Scope.READ_SUBMISSIONS)]


@router.get("/submissions", response_model=collection.page_of(SubmissionOut), responses=openapi.LIST)
def list_submissions(call: Reader, page: PagedInEitherOrder) -> Response:
    """Submissions of your agency; for the partnership's staff, of every agency."""
    query = (
        select(Submission, Agency.code)
        .options(defer(Submission.rows, raiseload=True))  # type: ignore[arg-type]
        .outerjoin(Agency, col(Agency.id) == Submission.agency_id)
        .where(is_visible_to(call.actor), *collection.rows_added_after(call, page, Submission))
        .order_by(collection.order_of(page, Submission))
        .limit(page.limit + 1)
    )
    rows = call.session.exec(query).all()
    return collection.respond_page(call, page, rows, lambda row: _out(*row), id_of=lambda row: row[0].id)


@router.get("/submissions/{submission_id}", response_model=SubmissionWithRowsOut, responses=openapi.ONE)
def get_submission(call: Reader, submission_id: str) -> Response:
    """One receipt, row by row."""
    number = row_number(submission_id, "The submission")
    pair = call.session.exec(
        select(Submission, Agency.code)
        .outerjoin(Agency, col(Agency.id) == Submission.agency_id)
        .where(Submission.id == number, is_visible_to(call.actor))
    ).first()
    if pair is None:
        raise NotFound("The submission")
    rows = submissions.rows(call.session, call.visibility(pair[0].partnership_id), pair[0])
    read = submissions.sheets_read(call.session, pair[0])
    return call.answer(SubmissionWithRowsOut(**_out(*pair), rows=rows, read=read))


def _out(submission: Submission, agency: str | None) -> SubmissionOut:
    return SubmissionOut(
        id=str(submission.id),
        agency=agency,
        via=submission.via,
        status=submission.status,
        counts=CountsOut(**submission.counts),  # type: ignore[typeddict-item]
        recorded_at=instant_text(submission.recorded_at),
        recorded_by=submission.recorded_by,
        author=author_out(submission.author),
    )
