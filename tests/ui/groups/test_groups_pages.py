"""Pages of groups and meetings: a year entered without JavaScript, and every decision leads to its meeting and back."""

from tests.ui.page import text_of, values_of
from tests.ui.visitor import Visitor

BOARD = "/groups/board"


def day(name: str, text: str) -> dict[str, str]:
    year, month, number = text.split("-")
    return {f"{name}-day": number, f"{name}-month": month, f"{name}-year": year}


async def add_meeting(officer: Visitor, on: str, kind: str) -> str:
    """The new meeting's address."""
    form = await officer.get("/new/meeting/board")
    fields = {**day("day", on), "kind": kind, "items": "Performance\nRisks"}
    after = await officer.submit(form, "/new/meeting/board", fields)
    assert "Your change is saved" in after.text
    return f"/meetings/board-{on}"


async def step(officer: Visitor, address: str, name: str, status: int = 200) -> str:
    page = await officer.get(address)
    form = next(each for each in page.root.iter("form") if (each.get("action") or "").startswith(address))
    after = await officer.submit(
        page, form.get("action") or "", {"reason": "As the minutes say"}, status=status
    )
    return after.text


async def test_groups_are_a_tree(reader: Visitor) -> None:
    page = await reader.get("/groups")
    assert "Domestic and Sexual Violence Strategic Board" in page.text
    group = await reader.get("/groups/board")
    assert "/groups/board/edit" not in group.links()
    assert "19 January 2018" in group.text
    assert "Review of the register of risks" in (await reader.get("/calendar")).text
    table = await reader.get("/groups/board/attendance?period=2017-18")
    assert [row for row in table.rows() if row.startswith("National Probation")] == [
        "National Probation Service Apologies Present Apologies 1 of 3, 33%"
    ]


async def test_an_officer_enters_meetings_of_every_kind(officer: Visitor) -> None:
    ordinary = await add_meeting(officer, "2017-05-05", "ordinary")
    form = await officer.get(f"{ordinary}/attendance")
    after = await officer.submit(form, f"{ordinary}/attendance", {"status-probation-head": "absent"})
    assert "Head of probation National Probation Service Absent" in after.rows()
    assert "Police area commander West Yorkshire Police Not recorded" in after.rows(), (
        "never taken to have come"
    )
    assert "Held" in await step(officer, ordinary, "hold")
    form = await officer.get("/new/decision/board-2017-05-05")
    fields = {"text": "The quarter stands", "number": "1", "subject": "reporting-periods 2017-18-Q2"}
    made = await officer.submit(form, "/new/decision/board-2017-05-05", fields)
    assert ordinary in made.links()
    assert "/quarters/2017-18-Q2" in made.links()
    assert "/decisions/board-2017-05-05-d1" in (await officer.get(ordinary)).links()
    form = await officer.get("/new/meeting-action/board-2017-05-05")
    arose = await officer.submit(
        form,
        "/new/meeting-action/board-2017-05-05",
        {"text": "Tell the groups", **day("due_on", "2018-01-05")},
    )
    assert "Tell the groups Nobody 5 January 2018 Not started" in arose.rows()

    email = await add_meeting(officer, "2017-05-19", "circulated")
    assert "Not counted" in (await officer.get(email)).text
    empty = await officer.get(f"{email}/attendance")
    assert "has no attendance" in empty.text


async def test_a_chairs_action_is_ratified_later(officer: Visitor) -> None:
    form = await officer.get("/new/chairs-action/board")
    fields = {
        "text": "Pay the van's repair",
        **day("decided_on", "2017-08-10"),
        "heard_how": "By telephone, 10 August",
    }
    made = await officer.submit(form, "/new/chairs-action/board", fields)
    assert "To be ratified" in made.text
    address = "/decisions/board-2017-08-10-d1"
    assert address in (await officer.get(BOARD)).links(), "the group owes it"
    refused = await officer.submit(made, f"{address}/ratify", {"meeting": ""}, status=422)
    done = await officer.submit(refused, f"{address}/ratify", {"meeting": "board-2017-09-22"})
    assert "Ratified" in done.text
    assert "/meetings/board-2017-09-22" in done.links()
    assert address in (await officer.get("/meetings/board-2017-09-22")).links()


async def test_what_is_wrong_stands_beside_its_field(officer: Visitor) -> None:
    form = await officer.get("/new/meeting/board")
    twice = await officer.submit(form, "/new/meeting/board", day("day", "2017-09-22"), status=422)
    assert "has a meeting of that kind and day" in twice.text
    form = await officer.get("/groups/board/edit")
    await officer.submit(form, "/groups/board/edit", {"remit": "To decide"})
    late = await officer.submit(form, "/groups/board/edit", {"remit": "To decide together"}, status=412)
    assert "Somebody else saved a change" in late.text
    again = await officer.submit(late, "/groups/board/edit", {"parent": "asb-panel"}, status=422)
    assert "stands below it" in again.text


async def test_a_group_is_added_with_members_and_items(officer: Visitor) -> None:
    form = await officer.get("/new/group")
    fields = {
        "code": "night-time",
        "name": "Night-time group",
        "kind": "delivery",
        "parent": "board",
        "cycle_rule": "monthly",
    }
    made = await officer.submit(form, "/new/group", fields)
    assert "every month" in made.text
    form = await officer.get("/groups/night-time/members")
    added = await officer.submit(form, "/groups/night-time/members", {"post": "area-commander"})
    assert "Police area commander" in added.text
    form = await officer.get("/meetings/board-2018-03-23/agenda")
    saved = await officer.submit(form, "/meetings/board-2018-03-23/agenda", {"title-0": "The year to come"})
    assert "1 The year to come To come" in saved.rows()
    form = await officer.get("/meeting-actions/board-2017-11-recover")
    moved = await officer.submit(
        form, "/meeting-actions/board-2017-11-recover", {"due_on-month": "2"}, status=422
    )
    assert "Say in" in moved.text
    fields = {"due_on-month": "2", "reason": "The bank was slow"}
    done = await officer.submit(moved, "/meeting-actions/board-2017-11-recover", fields)
    assert "19 February 2018" in done.text


async def test_a_post_is_added_and_falls_vacant(officer: Visitor) -> None:
    form = await officer.get("/new/post")
    fields = {"code": "night-lead", "agency": "bradford-council", "title": "Mr Jones"}
    refused = await officer.submit(form, "/new/post", fields, status=422)
    assert "names of people are not held here" in refused.text
    added = await officer.submit(refused, "/new/post", {"title": "Night-time lead"})
    assert "Night-time lead Bradford Council Not recorded –" in added.rows()
    form = await officer.get("/posts/night-lead")
    vacant = await officer.submit(form, "/posts/night-lead", day("filled_until", "2017-12-01"))
    assert "Night-time lead Bradford Council Vacant until 1 December 2017 –" in vacant.rows()


async def test_all_the_others_are_recorded_as_present_in_one_go(officer: Visitor) -> None:
    address = "/meetings/board-2017-11-14"
    form = await officer.get(f"{address}/attendance")
    after = await officer.submit(form, f"{address}/attendance", {"whole": "all_present"})
    assert "Chief officer Community Action Bradford and District Present" in after.rows()
    assert "Head of probation National Probation Service Apologies" in after.rows(), "what is recorded stays"


async def test_a_meetings_day_kind_and_note_change(officer: Visitor) -> None:
    await add_meeting(officer, "2017-05-05", "ordinary")
    address = "/meetings/board-2017-05-05"
    form = await officer.get(f"{address}/edit")
    fields = {**day("day", "2017-05-06"), "kind": "public", "note": "In the town hall", "quorum": "3"}
    after = await officer.submit(form, f"{address}/edit", fields)
    assert "6 May 2017" in after.text
    assert "Public meeting" in after.text
    assert "In the town hall" in after.text
    form = await officer.get(f"{address}/edit")
    assert values_of(form.form(f"{address}/edit"))["quorum"] == "3"
    wrong = await officer.submit(form, f"{address}/edit", {"quorum": "three"}, status=422)
    assert "Quorum that day" in wrong.text
    moved = await officer.submit(
        wrong, f"{address}/edit", {"quorum": "3", **day("day", "2017-06-23"), "kind": "ordinary"}, status=422
    )
    assert "has a meeting of that kind and day" in moved.text
    to_come = await officer.get("/meetings/board-2018-03-23/edit")
    assert "Quorum that day" not in to_come.text


async def test_a_decision_is_changed_and_the_record_keeps_what_it_said(administrator: Visitor) -> None:
    officer = administrator
    address = "/decisions/board-2017-09-quarter"
    assert f"{address}/edit" in (await officer.get(address)).links()
    form = await officer.get(f"{address}/edit")
    fields = {
        "text": "The quarter's figures stand",
        "outcome": "agreed_with_conditions",
        "reasons": "They were checked",
        "conditions": "That fires are counted again",
        "amount": "1,250.50",
    }
    after = await officer.submit(form, f"{address}/edit", fields)
    for words in ("Agreed with conditions", "They were checked", "That fires are counted again", "£1,250.50"):
        assert words in after.text
    assert "/quarters/2017-18-Q2" in after.links() or "/quarters/2017-18-Q1" in after.links(), "it stays"
    overtaken = await officer.submit(form, f"{address}/edit", fields, status=412)
    assert "Somebody else saved a change" in overtaken.text
    blank = await officer.submit(overtaken, f"{address}/edit", {"text": ""}, status=422)
    assert "Enter what was decided" in blank.text
    record = await officer.get("/record")
    edited = [row for row in record.rows() if "conditions" in row]
    assert edited
    assert "That fires are counted again" in edited[0]


async def test_a_groups_documents_and_business_to_come_are_lists_to_edit(officer: Visitor) -> None:
    address = "/groups/asb-panel"
    form = await officer.get(f"{address}/documents")
    fields = {"title-0": "Terms of reference", **day("dated_on-0", "2017-04-03")}
    saved = await officer.submit(form, f"{address}/documents", fields)
    assert "Terms of reference 3 April 2017" in " ".join(saved.text.split())
    form = await officer.get(f"{address}/documents")
    wrong = await officer.submit(form, f"{address}/documents", {"dated_on-0-month": "13"}, status=422)
    assert "Enter a real day" in wrong.text
    gone = await officer.submit(wrong, f"{address}/documents", {"title-0": "", "dated_on-0-month": "4"})
    assert "Terms of reference" not in gone.text
    form = await officer.get(f"{address}/forward-plan")
    wrong = await officer.submit(form, f"{address}/forward-plan", {"title-0": "A new remit"}, status=422)
    assert "Enter when it is expected" in wrong.text
    saved = await officer.submit(wrong, f"{address}/forward-plan", {"expected-0": "March 2018"})
    assert "March 2018: A new remit" in saved.text


async def test_attendance_says_whose_word_it_is(officer: Visitor) -> None:
    address = "/meetings/board-2017-09-22"
    form = await officer.get(f"{address}/attendance")
    fields = {
        "status-ccg-representative": "deputy",
        "on_behalf_of": "ccg-representative",
        "heard_how": "By telephone, 2 October",
    }
    after = await officer.submit(form, f"{address}/attendance", fields)
    told = [row for row in after.rows() if "By telephone, 2 October" in row]
    assert len(told) == 1, "beside what changed, and nothing else"
    assert "Deputy came For " in told[0]


async def test_attendance_at_many_meetings_stands_in_several_tables(officer: Visitor) -> None:
    for month in ("04", "05", "06", "07", "08"):
        await step(officer, await add_meeting(officer, f"2017-{month}-05", "ordinary"), "hold")
    page = await officer.get("/groups/board/attendance?period=2017-18")

    heads = [[text_of(th) for th in next(table.iter("tr"))] for table in page.all("table")]
    assert [len(head) for head in heads] == [7, 4]
    assert [head[-1] for head in heads] == ["5 August 2017", "Came, of all"]
    assert "West Yorkshire Police Present Present 3 of 8, 38%" in page.rows()


async def test_one_joins_and_one_leaves_at_once(officer: Visitor) -> None:
    form = await officer.get("/groups/board/members")
    fields = {"post": "community-safety-officer", "member": "8", **day("ends_on", "2017-12-01")}
    after = await officer.submit(form, "/groups/board/members", fields)
    assert "Community safety officer, Bradford Council" in after.text
    assert "Lead officer, Bradford Hate Crime Alliance, until 1 December 2017" in after.text


async def test_a_year_that_could_be_a_december_has_its_attendance(officer: Visitor) -> None:
    await add_meeting(officer, "2011-05-05", "ordinary")
    page = await officer.get("/groups/board/attendance?period=nonsense", status=422)
    assert "Expected 2017-18 (financial year)" in page.text
    address = next(link for link in page.links() if link.endswith("2011-04/2012-03"))
    assert "2011/12 (April 2011 to March 2012): 0 meetings counted" in (await officer.get(address)).text
