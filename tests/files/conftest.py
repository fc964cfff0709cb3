"""A spreadsheet program, to see that what we write opens in one and that what one writes is read."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 180
Convert = Callable[..., bytes]


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Opens a file in LibreOffice and gives it as that saves it, an .xlsx unless told otherwise.

    Its absence skips the test, unless SAFERPLAN_REQUIRE_OFFICE=1 makes that a failure.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        reason = f"no LibreOffice is installed (looked for {', '.join(PROGRAMS)})"
        if os.environ.get("SAFERPLAN_REQUIRE_OFFICE") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    directory = tmp_path_factory.mktemp("office")

    def convert(body: bytes, name: str = "file.xlsx", to: str = "xlsx") -> bytes:
        given, made = directory / name, directory / "out"
        given.write_bytes(body)
        _run(program, directory / "profile", ["--convert-to", to, "--outdir", str(made), str(given)])
        return (made / given.with_suffix(f".{to}").name).read_bytes()

    return convert


def _run(program: str, profile: Path, arguments: list[str]) -> None:
    """In a profile of its own, so that neither another test nor a person's own settings are in the way."""
    own = f"-env:UserInstallation={profile.as_uri()}"
    command = [program, own, "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
