"""Downloads a return's workbook to fill in, as the API gives it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.ui.kit.visit import require_visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def download_template(request: Request) -> Response:
    visit = await require_visit(request)
    return_id = request.path_params["id"]
    content = await visit.api.get_file(f"/returns/{return_id}/template.xlsx")
    name = return_id.replace("~", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


routes = [Route("/returns/{id}/template.xlsx", download_template)]
