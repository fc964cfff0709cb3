"""The demonstration's Board: attendance as its notes print it, and groups whose rule gives their next days."""

from sqlmodel import select

from app.demo.content import BRADFORD
from app.domain.period_text import parse_period
from app.models.groups.group import Group
from app.queries.groups.attendance import attendance_table
from tests.document.build import database, put


def test_the_boards_attendance_as_printed(sqlite_url: str) -> None:
    with database(sqlite_url) as opened:
        put(opened, BRADFORD.read_bytes())
        with opened.read() as session:
            board = session.exec(select(Group).where(Group.code == "board")).one()
            table = attendance_table(session, board, parse_period("2017-03/2017-12"))
    assert [row["words"] for row in table["rows"] if row["is_responsible_authority"]] == [
        "4 of 4, 100%",
        "4 of 4, 100%",
        "3 of 4, 75%",
        "3 of 4, 75%",
        "1 of 4, 25%",
        "2 of 4, 50%",
    ]
    assert [each["kind_label"] for each in table["outside"]] == ["Circulated by e-mail"]
