"""The web pages: a client of the HTTP API, like a partner's, with the signed-in person's own authority."""

from app.ui.site import create_ui

__all__ = ["create_ui"]
