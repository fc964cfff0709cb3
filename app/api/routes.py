"""Every router there is."""

from fastapi import APIRouter

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
    reporting_period,
    rule,
    session,
    submission,
    user,
)

ROUTERS: list[APIRouter] = [
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
    submission.router,
    agency_return.router,
    reporting_period.router,
    message.router,
    key.router,
    user.router,
    audit_event.router,
]
