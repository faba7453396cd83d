"""The command `headworks`: finds the verb, loads it, and turns errors into messages and exit codes.

A verb is one module of this room with a function `command`, whose signature gives the options and
whose docstring gives the help, with examples. It becomes known by its one line in `COMMANDS`. A
verb that has verbs of its own, such as `ledger`, has a table `COMMANDS` in their place.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import re
import warnings
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from headworks.cli.streams import quiet_streams
from headworks.errors import InputError, UnknownName

COMMANDS: dict[str, tuple[str, str]] = {
    "auction": (
        "headworks.cli.auction",
        "Sell scarce units to the highest bids, at named prices.",
    ),
    "classify": (
        "headworks.cli.classify",
        "Say how a chip is controlled for export on a day, and why.",
    ),
    "compare": (
        "headworks.cli.compare",
        "Say what one scenario changes against another, on the same luck.",
    ),
    "explain": ("headworks.cli.explain", "Tell one near-median path gate by gate."),
    "forecast": (
        "headworks.cli.forecast",
        "Say how many chips work where and when, and which gate binds.",
    ),
    "ledger": (
        "headworks.cli.ledger",
        "Keep and ask the ledger of what has passed.",
    ),
    "new": ("headworks.cli.new", "Start a scenario of your own from another one."),
    "plan": (
        "headworks.cli.plan",
        "Say what a company should order now, and what to wait with.",
    ),
    "plan-round": (
        "headworks.cli.plan_round",
        "Say whom an authority should award how much of a round.",
    ),
    "ration": (
        "headworks.cli.ration",
        "Share a pool that is too small, by a named rule and on record.",
    ),
    "schema": ("headworks.cli.schema", "Write the JSON Schema of scenario files for editors."),
    "validate": ("headworks.cli.validate", "List every fault of a scenario file."),
    "worth": (
        "headworks.cli.worth",
        "Say what a chip computes on a work, and against other chips.",
    ),
}
"""Each verb with its module and the line that the overview shows."""

BAD_INPUT = 2
INTERRUPTED = 130
COLLECTED_EVERY = 50_000
"""New objects after which rubbish is looked for: a verb makes many at its start, and throws hardly
any away, so that Python's own 700 would take a tenth of its time."""


def main() -> None:
    """Run the command line and exit.

    The exit code is 0 when done, 2 on bad input, 130 when interrupted, and 141 when nobody reads
    the output any more.
    """
    gc.set_threshold(COLLECTED_EVERY)
    # An interrupt leaves results that nobody uses, of which joblib need not tell.
    warnings.filterwarnings("ignore", r"\d+ tasks? (have been|which were)", UserWarning)
    with quiet_streams():
        app(prog_name="headworks")


class LazyGroup(TyperGroup):
    """The group of all verbs, which loads a verb's module only when the verb is called."""

    @property
    def verbs(self) -> dict[str, tuple[str, str]]:
        """The verbs of the group, each with its module and its line."""
        return COMMANDS

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - the base's signature
        """Return the verbs in the order of the alphabet."""
        return sorted(self.verbs)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Return a verb as a command, or None where there is no such verb."""
        return load_command(cmd_name, self.verbs) if cmd_name in self.verbs else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """Return the verb that is called; one that there is not is met with the near ones."""
        if args and not args[0].startswith("-") and args[0] not in self.verbs:
            remedy = f"see `{ctx.command_path} --help`"
            raise UnknownName("verb", args[0], self.verbs, remedy=remedy)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        """Write the overview from the registry, so that it loads no verb."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.verbs[name][1]) for name in sorted(self.verbs)])

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Run a verb; faults of the input and an interrupt end it with a message and a code."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            from headworks.cli.messages import faults_text

            typer.echo(faults_text(error.faults), err=True)
            raise SystemExit(BAD_INPUT) from None
        except MemoryError:
            typer.echo("error: there is not enough memory; ask for fewer paths or dates", err=True)
            raise SystemExit(1) from None
        except BaseException as error:
            # Pydantic calls it a fault of its records if it is interrupted while it builds them.
            if not isinstance(error, KeyboardInterrupt) and "KeyboardInterrupt" not in str(error):
                raise
            typer.echo("interrupted", err=True)
            raise SystemExit(INTERRUPTED) from None


def load_command(name: str, verbs: dict[str, tuple[str, str]] = COMMANDS) -> Any:  # noqa: ANN401
    """Return the verb `name` as a command, whose class is private to typer."""
    module = importlib.import_module(verbs[name][0])
    own = getattr(module, "COMMANDS", None)
    if own is not None:
        return _group(name, module.__doc__ or "", own)
    single = typer.Typer(
        add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )
    single.command(name, help=_help(module.command.__doc__ or ""))(module.command)
    return typer.main.get_command(single)


def _group(name: str, text: str, own: dict[str, tuple[str, str]]) -> Any:  # noqa: ANN401
    """Return a verb that has verbs of its own, whose help is its module's docstring."""

    class Group(LazyGroup):
        verbs = own

    _, _, said = text.partition("\n\n")
    group = typer.Typer(
        cls=Group, name=name, help=_help(said), no_args_is_help=True, add_completion=False,
        rich_markup_mode=None, pretty_exceptions_enable=False,
    )  # fmt: skip
    group.callback()(lambda: None)
    return typer.main.get_command(group)


def _help(docstring: str) -> str:
    """Return a docstring as help text whose examples keep their lines."""
    text = inspect.cleandoc(docstring)
    return re.sub(r"^(Examples?:)$\n\n?", "\b\n\\1\n", text, flags=re.MULTILINE)


app = typer.Typer(
    cls=LazyGroup,
    name="headworks",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        import headworks

        typer.echo(f"headworks {headworks.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Forecast how many scarce accelerators pass the gates, and which gate holds the rest.

    A scenario passes the gates: licences, approvals, customs, power. Each verb has its own help:
    `headworks VERB --help`.
    """
