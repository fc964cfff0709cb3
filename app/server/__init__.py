"""The HTTP server: uvicorn, with limits on each request before the application sees it."""

from app.server.run import run

__all__ = ["run"]
