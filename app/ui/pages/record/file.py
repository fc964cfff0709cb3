"""Files: one is saved from a page, and one is sent with a form."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.client import Body, Json
from app.ui.kit.forms import Form, file_name
from app.ui.kit.visit import Visit, require_visit

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
}
PASSED_ON = ("Content-Type", "Content-Disposition", "Cache-Control")


async def download_file(request: Request) -> Response:
    """Passes a file on as the API gives it: to be saved, never shown as a page."""
    visit = await require_visit(request)
    answer = await visit.api.request("GET", f"/files/{request.path_params['sha256']}")
    return Response(answer.content, headers={name: answer.headers[name] for name in PASSED_ON})


def check_file(form: Form) -> None:
    """Adds the messages for a form without a file or without its title."""
    if not isinstance(form["file"], bytes) or not form.filenames.get("file"):
        form.add_error("file", "Choose a file")
    if not form.text("title"):
        form.add_error("title", "Enter what the file is")


async def attach_file(visit: Visit, form: Form, path: str) -> Json:
    """Uploads the form's file, and has the thing at the path refer to it."""
    name = file_name(form.filenames["file"])
    kind = MEDIA_TYPES.get(name.rpartition(".")[2].lower(), MEDIA_TYPES["pdf"])
    stored = await visit.api.upload("/files", name, Body(form["file"], kind))
    body = {"sha256": stored["sha256"], "name": name, "title": form.text("title")}
    return await visit.api.post(path, body, once=form.once)


routes = [Route("/files/{sha256}", download_file)]
