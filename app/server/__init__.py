"""The HTTP server: uvicorn, and what a request is held to before the application sees any of it."""

from app.server.run import run

__all__ = ["run"]
