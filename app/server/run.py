"""Starting the server."""

import resource

from app.server.limits import FILES_WANTED


def run(host: str, port: int, *, workers: int = 1, log_level: str | None = None) -> None:
    """Serves until it is told to stop. Processes and their protocol are loaded by uvicorn, by name."""
    import uvicorn
    from uvicorn.config import LOGGING_CONFIG

    # Its own formatter of requests copies each record twice, for its colours.
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
    """Asks the system for as many file handles as the connections may need, as far as it lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(FILES_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
