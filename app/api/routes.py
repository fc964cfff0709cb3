"""Every router, and the few routes that ask nobody who they are."""

from fastapi import APIRouter

from app.api import figure, indicator, plan, priority, submission

ROUTERS: list[APIRouter] = [
    plan.router,
    priority.router,
    indicator.router,
    figure.router,
    submission.router,
]

PUBLIC = {
    ("GET", "/api/v1/health"),
    ("POST", "/api/v1/sessions"),
    ("POST", "/api/v1/passwords"),
}
