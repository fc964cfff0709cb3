"""Starting the server."""

import resource

from app.server.limits import FILES_WANTED


def run(host: str, port: int, *, workers: int = 1, log_level: str | None = None) -> None:
    """Serves until it is told to stop. Processes and their protocol are loaded by uvicorn, by name."""
    import uvicorn

    raise_file_limit()
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level=log_level,
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
