"""Starts the server."""

import resource

from app.server.limits import FILE_LIMIT


def run(host: str, port: int, *, workers: int = 1, log_level: str | None = None) -> None:
    """Serves until a signal stops it. uvicorn imports the application and the protocol by name in each process."""
    import uvicorn
    from uvicorn.config import LOGGING_CONFIG

    # uvicorn's formatter of requests copies each record twice, for colours.
    plain = {"format": "%(levelname)s:     %(message)s"}
    logging = LOGGING_CONFIG | {"formatters": LOGGING_CONFIG["formatters"] | {"access": plain}}
    raise_file_limit()
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level=log_level,
        log_config=logging,
        http="app.server.protocol:LimitedProtocol",
        ws="none",
        server_header=False,
    )


def raise_file_limit() -> None:
    """Raises the soft limit of file handles to what the connections need, as far as the hard limit allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    new_limit = FILE_LIMIT if hard == resource.RLIM_INFINITY else min(FILE_LIMIT, hard)
    if soft != resource.RLIM_INFINITY and soft < new_limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (new_limit, hard))
