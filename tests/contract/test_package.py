"""What the package and its container image are made from is there for them."""

import tomllib

from app.config import project_file


def lines_of(name: str) -> list[str]:
    return project_file(name).read_text().splitlines()


def test_the_package_is_described_by_its_readme() -> None:
    project = tomllib.loads(project_file("pyproject.toml").read_text())["project"]
    assert project_file(project["readme"]).read_text().startswith("# Saferplan")


def test_the_image_is_given_what_the_package_is_built_from() -> None:
    copied = {
        name
        for line in lines_of("Dockerfile")
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    }
    let_through = {line.removeprefix("!") for line in lines_of(".dockerignore") if line.startswith("!")}
    assert copied == let_through
    assert {"pyproject.toml", "README.md", "app"} <= copied
