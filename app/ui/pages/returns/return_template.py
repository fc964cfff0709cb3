"""A return as a workbook to fill in, handed on from the API as it is."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.visit import require_visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def download(request: Request) -> Response:
    visit = await require_visit(request)
    id_ = request.path_params["id"]
    content = await visit.api.get_file(f"/returns/{id_}/template.xlsx")
    name = id_.replace("~", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


routes = [Route("/returns/{id}/template.xlsx", download)]
