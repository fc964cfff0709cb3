"""Figures are read in one place: of the queries, only `figures/read` names their tables."""

import ast
from pathlib import Path

from app.config import project_file

TABLES = {"Figure", "FigureRevision"}
READER = project_file("app") / "queries" / "figures" / "read"


def names_a_table(module: Path) -> bool:
    imports = (
        node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
    )
    return any(
        alias.name in TABLES
        for node in imports
        if node.module == "app.models.figures.figure"
        for alias in node.names
    )


def test_only_the_reader_among_queries_names_the_tables_of_figures() -> None:
    queries = list((project_file("app") / "queries").rglob("*.py"))
    assert [path for path in queries if READER not in path.parents and names_a_table(path)] == []
    assert [path.name for path in READER.glob("*.py") if names_a_table(path)] == ["row.py"]
