"""Data flows one way: logs -> protocols -> ledger -> inventory, behaviour, zones -> detections ->
alerts -> formats -> sinks; report and response read all; what is learned goes from response to the
sensor; the command line stands on top."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import gaugeglass

ROOT = Path(gaugeglass.__file__).parent

#: Rooms that anyone may import; they import only each other.
LEAVES = {"__init__", "errors", "config", "attack"}

#: The others in the order of the flow. Rooms on one line don't know each other.
FLOW: tuple[set[str], ...] = (
    {"logs", "rules"},
    {"protocols"},
    {"ledger"},
    {"inventory", "behaviour", "zones"},
    {"detections"},
    {"alerts"},
    {"formats"},
    {"sinks"},
    {"report", "response", "labels", "frames"},
    {"sensor"},
    {"pipeline"},
    {"evaluation"},
    {"cli", "__main__"},
)
RANK = {room: rank for rank, rooms in enumerate(FLOW) for room in rooms}

#: Modules that may be imported against the flow, and why.
UPSTREAM = {
    ("protocols", "gaugeglass.ledger.schema"): "the vocabulary that a protocol file fills in",
}


def room_of(module: str) -> str:
    """``gaugeglass.logs.header`` -> ``logs``; ``gaugeglass`` itself is ``__init__``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every module of the package that ``path`` imports, wherever it does."""
    package = ["gaugeglass", *path.relative_to(ROOT).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "gaugeglass":
                    yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            if module.split(".")[0] != "gaugeglass":
                continue
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                file = ROOT.joinpath(*inner.split(".")[1:])
                known = file.with_suffix(".py").exists() or file.is_dir()
                yield node.lineno, inner if known else module


def against_the_flow(room: str, module: str) -> bool:
    """Whether ``room`` may not import ``module``."""
    target = room_of(module)
    if target == room or target in LEAVES or (room, module) in UPSTREAM:
        return False
    return room in LEAVES or RANK[target] >= RANK[room]


MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_with_the_flow(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    room = parts[0] if len(parts) > 1 else path.stem
    assert room in RANK or room in LEAVES, f"{room} has no place in the flow"
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for line, module in imports(path)
        if against_the_flow(room, module)
    ]
    assert wrong == []


def test_every_exception_is_in_use() -> None:
    used = {
        (path.relative_to(ROOT).parts[0], module) for path in MODULES for _, module in imports(path)
    }
    assert set(UPSTREAM) <= used


def test_the_test_sees_what_it_should() -> None:
    assert against_the_flow("logs", "gaugeglass.ledger.read")
    assert against_the_flow("detections", "gaugeglass.alerts.model")
    assert against_the_flow("inventory", "gaugeglass.behaviour.polls")
    assert against_the_flow("attack", "gaugeglass.ledger.schema")
    assert against_the_flow("pipeline", "gaugeglass.cli.main")
    assert not against_the_flow("ledger", "gaugeglass.logs.header")
    assert not against_the_flow("protocols", "gaugeglass.ledger.schema")
    assert not against_the_flow("report", "gaugeglass.sinks.base")
    found = {m for _, m in imports(ROOT / "ledger" / "read.py")}
    assert {"gaugeglass.ledger.beside", "gaugeglass.logs.strict"} <= found
