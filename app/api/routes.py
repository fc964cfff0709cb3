"""Every route there is."""

from fastapi.routing import APIRoute

from app.api import (
    agency,
    agency_return,
    area,
    audit_event,
    figure,
    health,
    indicator,
    key,
    me,
    message,
    partnership,
    password,
    plan,
    priority,
    release,
    reporting_period,
    return_template,
    rule,
    session,
    submission,
    upload,
    user,
)

ROUTERS = [
    health.router,
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
    release.router,
    submission.router,
    upload.router,
    agency_return.router,
    return_template.router,
    reporting_period.router,
    message.router,
    key.router,
    user.router,
    audit_event.router,
]
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
