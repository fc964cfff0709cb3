"""Every page there is to look at, by the role that sees the most of it.

Pages whose address takes nothing are asked of the site itself; the others are listed with what to look at.
"""

from app.ui.pages import MODULES
from tests.bradford import ADMINISTRATOR

SEEN_BY = ADMINISTRATOR
INDICATOR = "/indicators/asb-incidents"
RETURN = "/returns/2017-18-Q2~west-yorkshire-police"
PUBLIC = ("/sign-in", "/password", "/accessibility", "/privacy", "/nowhere")
SIGNED_OUT = {"/sign-in", "/password"}
"""Pages for somebody who has not signed in."""
WITHOUT_PARAMETERS = tuple(
    route.path
    for module in MODULES
    for route in module.routes
    if "GET" in (route.methods or ()) and "{" not in route.path and route.path not in SIGNED_OUT
)
PAGES = (
    *WITHOUT_PARAMETERS,
    "/?period=2017-18-Q1&as_known_at=2017-10-20",
    "/?as_known_at=nonsense",
    "/priorities/safeguarding",
    "/priorities/reducing-crime",
    INDICATOR,
    "/indicators/hate-crime",
    "/indicators/cse-hub-referrals",
    f"{INDICATOR}/definition",
    f"{INDICATOR}/baseline",
    f"{INDICATOR}/target",
    f"{INDICATOR}/agency",
    f"{INDICATOR}/audience",
    f"{INDICATOR}/release",
    "/indicators/total-crime",
    f"{INDICATOR}/figures/new",
    "/figures/upload/1",
    "/figures/upload/2",
    "/figures/history/1",
    "/returns?state=overdue",
    RETURN,
    f"{RETURN}/form",
    f"{RETURN}/late",
    f"{RETURN}/nil",
    f"{RETURN}/query",
    "/quarters/2017-18-Q2",
    "/quarters/2017-18-Q2/cut-off",
    "/quarters/2017-18-Q1/close",
    "/quarters/2017-18-Q1/snapshot",
    "/receipts/2",
    "/recommendations/risk-conferences",
    "/recommendations/risk-conferences/edit",
    "/recommendations/risk-conferences/progress",
    "/recommendations/risk-conferences/answer",
    "/recommendations/risk-conferences/reopen",
    "/local-issues/great-horton-road",
    "/local-issues/great-horton-road/edit",
    "/engagements/people-can",
    "/engagements/people-can/edit",
    "/people/1",
    "/groups/board",
    "/groups/board/edit",
    "/posts/area-commander",
    "/groups/board/members",
    "/groups/board/documents",
    "/groups/board/forward-plan",
    "/new/meeting/board",
    "/new/chairs-action/board",
    "/groups/board/attendance?period=2017-03/2017-12",
    "/meetings/board-2017-11-14",
    "/meetings/board-2018-01-19",
    "/meetings/board-2017-12-08",
    "/meetings/board-2017-11-14/edit",
    "/meetings/board-2017-11-14/attendance",
    "/meetings/board-2018-01-19/attendance",
    "/meetings/board-2017-12-08/attendance",
    "/meetings/board-2017-11-14/agenda",
    "/new/decision/board-2017-11-14",
    "/new/meeting-action/board-2017-11-14",
    "/decisions/board-2017-09-quarter",
    "/grants/SSF-17-02",
    "/grants/SSF-17-04",
    "/grants/SSF-17-05",
    "/grants/SSF-17-05/steps/suspend",
    "/grants/SSF-17-02/payments/new",
    "/grants/SSF-17-02/payments/3",
    "/grants/SSF-17-04/claims/2",
    "/grants/SSF-17-05/variations/1",
    "/funding/rounds",
    "/funding/rounds/new",
    "/funding/rounds/community-safety-2017-18",
    "/funding/rounds/community-safety-2017-18/edit",
    "/funding/rounds/community-safety-2017-18/scores",
    "/funding/applications/new",
    "/funding/applications/A01",
    "/funding/rounds/community-safety-2017-18/decide",
    "/funding/applications/A11/letter",
    "/funding/applications/A11/edit",
    "/funding/applications/A11/grant",
    "/funding/applications/A11/steps/withdraw",
    "/decisions/board-2017-09-quarter/edit",
    "/meeting-actions/board-2017-11-recover",
    "/nowhere",
)
