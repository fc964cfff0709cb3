"""Every router there is."""

from fastapi import APIRouter

from app.api import figure, indicator, plan, priority, submission

ROUTERS: list[APIRouter] = [
    plan.router,
    priority.router,
    indicator.router,
    figure.router,
    submission.router,
]
