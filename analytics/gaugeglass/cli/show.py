"""Rows to a person or a program: table, json, jsonl, csv, always harmless to look at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from gaugeglass.formats import csv, jsonl
from gaugeglass.formats.clean import clean

FORMATS = ("table", "json", "jsonl", "csv")
_F = TypeVar("_F", bound=Callable[..., Any])


def format_option(function: _F) -> _F:
    """``--format``, for every command that lists."""
    return click.option(
        "--format", "fmt", type=click.Choice(FORMATS), default="table", show_default=True,
        help="How rows are written to stdout.",
    )(function)  # fmt: skip


def rows(
    items: Sequence[Mapping[str, Any]], columns: Sequence[str], fmt: str,
    documents: Sequence[Any] | None = None, title: str = "",
) -> None:  # fmt: skip
    """Write ``items``; json and jsonl write ``documents`` instead where given."""
    if fmt in ("json", "jsonl"):
        full: Sequence[Any] = items if documents is None else documents
        if fmt == "jsonl":
            for item in full:
                sys.stdout.write(jsonl.line(item) + "\n")
        else:
            inner = ",\n".join(jsonl.line(item) for item in full)
            sys.stdout.write(f"[{inner}]\n")
    elif fmt == "csv":
        body = [list(columns)] + [[text(item.get(c)) for c in columns] for item in items]
        sys.stdout.write(csv.text([[csv.cell(v) for v in row] for row in body]))
    else:
        _table(items, columns, title)


def text(value: Any) -> str:
    """One value for a person."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(text(v) for v in value)
    return str(value)


_SEVERITY = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


def _table(items: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str) -> None:
    wide = None if sys.stdout.isatty() else 160
    console = Console(width=wide, highlight=False, markup=False)
    table = Table(title=clean(title, 200) or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        number = bool(items) and isinstance(items[0].get(column), int | float)
        table.add_column(
            column.replace("_", " "), overflow="fold", justify="right" if number else "left"
        )
    for item in items:
        style = _SEVERITY.get(str(item.get("severity")))
        table.add_row(*(clean(text(item.get(c)), 300) for c in columns), style=style)
    console.print(table)
    if not items:
        console.print("(none)")
