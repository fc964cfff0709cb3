"""Somebody at a browser without JavaScript: follows links, fills forms, keeps cookies."""

from typing import Any

import httpx
from starlette.applications import Starlette

from tests.ui.page import Page, faults, read, values_of

SITE = "http://127.0.0.1:8000"


class Visitor:
    """Every page they get is checked by `page.faults`."""

    def __init__(self, ui: Starlette, address: str = "127.0.0.1") -> None:
        self.ui = ui
        # Failures inside are answered, as a server would, rather than raised here.
        transport = httpx.ASGITransport(app=ui, raise_app_exceptions=False, client=(address, 4000))
        self.browser = httpx.AsyncClient(transport=transport, base_url=SITE, follow_redirects=True)

    async def __aenter__(self) -> "Visitor":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.browser.aclose()

    async def get(self, address: str, status: int = 200) -> Page:
        return self._page(await self.browser.get(address), status)

    async def submit(
        self,
        page: Page,
        action: str,
        fields: dict[str, Any] | None = None,
        *,
        status: int = 200,
        file: tuple[str, bytes] | None = None,
    ) -> Page:
        """Presses the button of the form to `action`, with these fields filled in over what it holds."""
        form = page.form(action)
        values = {**values_of(form), **(fields or {})}
        names = {e.get("name") for e in form.iter()}
        assert set(fields or {}) <= names, f"no field {set(fields or {}) - names}"
        files = {"file": (file[0], file[1], "text/csv")} if file else None
        if form.get("enctype") == "multipart/form-data" and files is None:
            response = await self.browser.post(action, files={n: (None, v) for n, v in values.items()})
        elif (form.get("method") or "get") == "post":
            response = await self.browser.post(action, data=values, files=files)
        else:
            response = await self.browser.get(action, params=values)
        return self._page(response, status)

    async def press(
        self, page: Page, button: str, fields: dict[str, Any] | None = None, *, status: int = 200
    ) -> Page:
        """Presses the button with these words, with these fields filled in over what its form holds."""
        form, pressed = page.button(button)
        name = pressed.get("name")
        own = {name: pressed.get("value") or ""} if name else {}
        action = pressed.get("formaction") or form.get("action") or ""
        values = {**values_of(form), **own, **(fields or {})}
        return self._page(await self.browser.post(action, data=values), status)

    async def sign_in(self, email: str, password: str, status: int = 200) -> Page:
        page = await self.get("/sign-in")
        return await self.submit(page, "/sign-in", {"email": email, "password": password}, status=status)

    def _page(self, response: httpx.Response, status: int) -> Page:
        assert response.status_code == status, (
            f"{response.status_code} at {response.url}: {response.text[:2000]}"
        )
        page = read(response)
        assert faults(page, self.ui.routes) == [], f"at {response.url}"
        return page
