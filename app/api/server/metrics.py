"""Serves the metrics of this process to Prometheus."""

import os
from typing import Annotated

from fastapi import FastAPI
from prometheus_client import Gauge, generate_latest
from starlette.responses import Response

from app.api.server import openapi
from app.api.server.access import reading
from app.api.server.base import make_router
from app.api.server.call import Read
from app.api.server.meters import Meters
from app.db import seq
from app.domain.access.authority import Scope
from app.queries.record.stored_file import file_room
from app.worker import Worker

router = make_router("service")
MEDIA_TYPE = "text/plain; version=0.0.4"
EXAMPLE = 'saferplan_requests_total{method="GET",route="/api/v1/figures",status="200"} 12.0\n'


def install(app: FastAPI) -> None:
    """Makes the meters and gauges."""
    app.state.meters = Meters()
    registry = app.state.meters.registry
    state, database = app.state, app.state.database

    def gauge(name: str, text: str) -> Gauge:
        return Gauge(f"saferplan_{name}", text, registry=registry)

    waiting = Gauge("saferplan_waiting", "Requests that wait for their turn.", ("kind",), registry=registry)
    waiting.labels("read").set_function(lambda: len(state.turns.waiting))
    waiting.labels("write").set_function(lambda: state.writers.statistics().tasks_waiting)
    gauge("pool_connections", "Connections to the database in use.").set_function(
        lambda: database.engine.pool.checkedout()
    )
    gauge("pool_connections_most", "Connections to the database at most.").set(database.connections)
    gauge("process_id", "The process that answers: one of several has counts of its own.").set(os.getpid())
    state.file_bytes = gauge("file_bytes", "Bytes of the files in the deployment.")
    state.file_bytes_most = gauge("file_bytes_most", "Bytes of files that there is room for.")
    state.ledger_number = gauge("ledger_number", "The number of the last change.")


def install_worker(app: FastAPI, worker: Worker) -> None:
    """Makes the gauge of a worker inside the server."""
    last = Gauge(
        "saferplan_worker_last_round_timestamp_seconds",
        "When the worker inside the server last looked for work.",
        registry=app.state.meters.registry,
    )
    last.set_function(lambda: worker.last_round_at)


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": EXAMPLE}}},
        **openapi.errors(401, 403, 404, 422),
    },
)
def get_metrics(call: Annotated[Read, reading(Scope.READ_METRICS)]) -> Response:
    """Prometheus text: requests by route and status, requests waiting, connections, cached answers, the ledger's
    number, the worker's last round, the room for files. Each server process counts its own."""
    state = call.request.app.state
    state.ledger_number.set(seq(call.session))
    room = file_room(call.session.connection(), call.settings)
    state.file_bytes.set(room.used)
    state.file_bytes_most.set(room.most)
    return Response(
        generate_latest(state.meters.registry), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
    )
