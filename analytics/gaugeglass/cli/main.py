"""``gaugeglass``: the global options, the commands of this folder, and how errors are told."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import click

import gaugeglass.cli as folder
from gaugeglass import __version__
from gaugeglass.cli.app import App
from gaugeglass.config import ConfigError, load
from gaugeglass.errors import Told

NOT_COMMANDS = frozenset({"main", "app", "show", "outputs", "verdicts"})


class Commands(click.Group):
    """Loads a command's file only when it is asked for: ``--version`` imports no engine."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every file of this folder that is a command."""
        del ctx
        names = (m.name for m in pkgutil.iter_modules(folder.__path__))
        return sorted(n.rstrip("_") for n in names if n not in NOT_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command ``cmd_name``."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{folder.__name__}.{cmd_name}")
        command = module.command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gaugeglass")
@click.option(
    "--state", type=click.Path(file_okay=False, path_type=Path), envvar="GAUGEGLASS_STATE",
    help="Folder that holds the ledger, baseline and alerts. [default: ./gaugeglass-state]",
)  # fmt: skip
@click.option(
    "--config", "config_file", type=click.Path(dir_okay=False, path_type=Path),
    envvar="GAUGEGLASS_CONFIG",
    help="Configuration file (TOML). [default: ./gaugeglass.toml where there is one]",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary on stderr.")
@click.pass_context
def cli(ctx: click.Context, state: Path | None, config_file: Path | None, quiet: bool) -> None:
    """See inside an industrial network without touching it.

    Reads what Zeek and Suricata already wrote: who is there, what normally happens, what is wrong.

    \b
    Try:  gaugeglass demo
          gaugeglass run /var/log/zeek --out site/
    """
    if config_file is None and Path("gaugeglass.toml").is_file():
        config_file = Path("gaugeglass.toml")
    ctx.obj = App(state, load(config_file), quiet)


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 usage, 3 ``--fail-on`` met."""
    try:
        code = cli(prog_name="gaugeglass", standalone_mode=False)
        if isinstance(code, int) and code:  # click gives a command's Exit back, it raises none
            sys.exit(code)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        click.echo("gaugeglass: stopped", err=True)
        sys.exit(1)
    except click.ClickException as err:
        err.show()
        sys.exit(err.exit_code)
    except ConfigError as err:
        click.echo(f"gaugeglass: {err}", err=True)
        sys.exit(2)
    except (Told, OSError) as err:
        click.echo(f"gaugeglass: {err}", err=True)
        sys.exit(1)
    except Exception as err:
        if type(err).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        click.echo(f"gaugeglass: {err}", err=True)  # a query's own fault, in DuckDB's words
        sys.exit(1)
