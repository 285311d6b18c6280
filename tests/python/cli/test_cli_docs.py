"""The command line and the README say the same, and every command can be asked for help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from gaugeglass.cli.main import cli

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str = "") -> list[tuple[str, click.Command]]:
    """All commands with their full names, groups left out."""
    ctx = click.Context(group)
    out: list[tuple[str, click.Command]] = []
    for name in group.list_commands(ctx):
        found = group.get_command(ctx, name)
        assert found is not None
        if isinstance(found, click.Group):
            out += commands(found, f"{prefix}{name} ")
        else:
            out.append((prefix + name, found))
    return out


ALL = commands(cli)


def test_the_contract_is_there() -> None:
    assert {"run", "ingest", "learn", "detect", "assets", "alerts", "report", "query",
            "attack layer", "demo", "config show"} <= {name for name, _ in ALL}  # fmt: skip


@pytest.mark.parametrize(("name", "command"), ALL, ids=[n for n, _ in ALL])
def test_help_has_an_example_and_the_readme_a_line(name: str, command: click.Command) -> None:
    assert command.help
    assert f"Example:  gaugeglass {name}" in command.help
    assert f"| `gaugeglass {name}" in README
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"{name} {param.opts} has no help"


def test_generated_parts_of_the_readme_are_current() -> None:
    done = subprocess.run([sys.executable, ROOT / "tests" / "docs.py"], check=False)
    assert done.returncode == 0, "run: python tests/docs.py --write"


def test_version_imports_no_engine() -> None:
    code = (
        "import sys\nfrom gaugeglass.cli.main import main\nsys.argv = ['gaugeglass', '--version']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('duckdb', 'pandas', 'sklearn', 'pyarrow') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-1] == "[]"
