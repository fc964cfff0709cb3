"""Lists all routes."""

from fastapi.routing import APIRoute

from app.api.access import key, me, message, password, session, user
from app.api.figures import figure, release, rule, submission, text_row, upload
from app.api.grants import allocation, claim, fund, grant, payment, variation
from app.api.plan import agency, area, indicator, partnership, plan, priority
from app.api.record import audit_event
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
    rule.router,
    figure.router,
    text_row.router,
    release.router,
    submission.router,
    upload.router,
    return_list.router,
    agency_return.router,
    return_template.router,
    reporting_period.router,
    fund.router,
    allocation.router,
    grant.router,
    payment.router,
    claim.router,
    variation.router,
    message.router,
    key.router,
    user.router,
    audit_event.router,
]
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
