"""The pages, one noun a module. Each module has its `routes`."""

from app.ui.pages import about
from app.ui.pages.access import key, message, own_password, partnership, password, person, session
from app.ui.pages.figures import figure, release, submission, upload
from app.ui.pages.grants import decide, funding, grant, payment, proposal, recipient
from app.ui.pages.groups import (
    agenda,
    attendance,
    decision,
    decision_form,
    engagement,
    group,
    group_lists,
    local_issue,
    meeting,
    meeting_action,
    post,
    recommendation,
    recommendation_form,
)
from app.ui.pages.plan import indicator, indicator_edit, plan, priority
from app.ui.pages.record import audit, file
from app.ui.pages.returns import (
    agency_return,
    board,
    owed_from,
    quarter,
    remind,
    return_form,
    return_template,
)

MODULES = (
    plan,
    board,
    quarter,
    owed_from,
    remind,
    return_form,
    return_template,
    agency_return,
    recommendation,
    recommendation_form,
    local_issue,
    engagement,
    priority,
    group,
    group_lists,
    post,
    attendance,
    agenda,
    decision_form,
    decision,
    meeting_action,
    meeting,
    funding,
    recipient,
    proposal,
    payment,
    decide,
    grant,
    indicator,
    release,
    indicator_edit,
    figure,
    upload,
    submission,
    message,
    person,
    key,
    audit,
    file,
    partnership,
    session,
    password,
    own_password,
    about,
)
