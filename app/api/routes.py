"""Lists all routes."""

from fastapi.routing import APIRoute

from app.api.access import key, me, message, password, session, user
from app.api.figures import figure, release, rule, submission, text_row, typed_number, upload
from app.api.grants import (
    allocation,
    application,
    claim,
    fund,
    funding_round,
    grant,
    payment,
    repayment,
    variation,
)
from app.api.groups import (
    decision,
    engagement,
    group,
    local_issue,
    meeting,
    meeting_action,
    post,
    recommendation,
)
from app.api.plan import agency, area, indicator, indicator_text, partnership, plan, priority
from app.api.record import audit_event, file
from app.api.returns import agency_return, reporting_period, return_list, return_template
from app.api.server import description, health, metrics

ROUTERS = [
    health.router,
    description.router,
    metrics.router,
    session.router,
    password.router,
    me.router,
    partnership.router,
    area.router,
    agency.router,
    plan.router,
    priority.router,
    indicator.router,
    indicator_text.router,
    rule.router,
    post.router,
    group.router,
    meeting.router,
    decision.router,
    meeting_action.router,
    figure.router,
    text_row.router,
    typed_number.router,
    release.router,
    submission.router,
    upload.router,
    return_list.router,
    agency_return.router,
    return_template.router,
    reporting_period.router,
    recommendation.router,
    local_issue.router,
    engagement.router,
    fund.router,
    allocation.router,
    funding_round.router,
    application.router,
    grant.router,
    payment.router,
    claim.router,
    repayment.router,
    variation.router,
    message.router,
    key.router,
    user.router,
    audit_event.router,
    file.router,
]
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
