"""The modules of a folder as syntax trees, and the functions in them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.config import project_file

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    path: Path
    """From the project's folder."""
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


@dataclass(frozen=True, slots=True)
class Function:
    module: Module
    name: str
    """With the classes and functions around it: `Database.write`."""
    node: FunctionNode
    is_method: bool
    """Whether its first parameter is `self` or `cls`, however it is spelled."""

    @property
    def place(self) -> str:
        return f"{self.module.path}:{self.node.lineno}"


def read_modules(folder: str) -> list[Module]:
    """In the order of their paths."""
    root = project_file(folder)
    return [
        Module(path.relative_to(root.parent), path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.py"))
    ]


def list_functions(module: Module) -> list[Function]:
    """Every `def`, methods and nested functions included; no lambdas."""
    return list(_functions_in(module, module.tree, (), in_class=False))


def _functions_in(
    module: Module, parent: ast.AST, outer_names: tuple[str, ...], *, in_class: bool
) -> Iterator[Function]:
    for node in ast.iter_child_nodes(parent):
        match node:
            case ast.ClassDef(name=name):
                yield from _functions_in(module, node, (*outer_names, name), in_class=True)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names = (*outer_names, name)
                yield Function(module, ".".join(names), node, in_class and not _is_static(node))
                yield from _functions_in(module, node, names, in_class=False)
            case _:
                yield from _functions_in(module, node, outer_names, in_class=in_class)


def _is_static(node: FunctionNode) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in node.decorator_list)
