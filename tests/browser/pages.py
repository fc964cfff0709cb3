"""Every page there is to look at, by the role that sees the most of it."""

from tests.bradford import ADMINISTRATOR

SEEN_BY = ADMINISTRATOR
INDICATOR = "/indicators/asb-incidents"
RETURN = "/returns/2017-18-Q2~west-yorkshire-police"
PAGES = (
    "/",
    "/?period=2017-18-Q1&as_known_at=2017-10-20",
    "/?as_known_at=nonsense",
    "/checks",
    "/priorities/safeguarding",
    "/priorities/reducing-crime",
    INDICATOR,
    "/indicators/hate-crime",
    "/indicators/cse-hub-referrals",
    f"{INDICATOR}/definition",
    f"{INDICATOR}/baseline",
    f"{INDICATOR}/target",
    f"{INDICATOR}/agency",
    f"{INDICATOR}/figures/new",
    "/figures",
    "/figures/upload",
    "/figures/upload/1",
    "/figures/upload/2",
    "/figures/history/1",
    "/returns",
    "/returns?state=overdue",
    RETURN,
    f"{RETURN}/form",
    f"{RETURN}/late",
    f"{RETURN}/nil",
    f"{RETURN}/query",
    "/quarters/2017-18-Q2",
    "/quarters/2017-18-Q1/snapshot",
    "/receipts",
    "/receipts/2",
    "/messages",
    "/people",
    "/people/new",
    "/people/1",
    "/keys",
    "/keys/new",
    "/record",
    "/partnership",
    "/account/password",
    "/accessibility",
    "/privacy",
    "/nowhere",
)
PUBLIC = ("/sign-in", "/password", "/accessibility", "/privacy", "/nowhere")
