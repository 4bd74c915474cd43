"""cleaner rules: flags to options, one call."""

from __future__ import annotations

from typing import Annotated

import typer

from cleaner.cli import completion
from cleaner.cli.app import Command, Commands, carried_out, inputs_of
from cleaner.cli.options import From, NoPager, Paths, RulesFile, TextField, Workers
from cleaner.commands.messages import Messages
from cleaner.commands.output import Out
from cleaner.options import Display, Fields

rules_app = typer.Typer(
    cls=Commands,
    help="The rules that decide: list, show, test, learn.\n\nExample: cleaner rules list",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@rules_app.command("list", cls=Command)
def rules_list(file: RulesFile = None, no_pager: NoPager = False) -> None:
    """Name the rules, one a line.

    Example: cleaner rules list
    """
    from cleaner.commands import rules as command

    carried_out(lambda messages, out: command.list_rules(out, file), Display(pager=not no_pager))


@rules_app.command("show", cls=Command)
def rules_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="The rule's id.", autocompletion=completion.rule_ids)],
    file: RulesFile = None,
) -> None:
    """Show one rule: why, patterns, examples.

    Example: cleaner rules show en/related-heading
    """
    from cleaner.commands import rules as command

    carried_out(lambda messages, out: command.show(out, name, file))


@rules_app.command("test", cls=Command)
def rules_test(file: RulesFile = None) -> None:
    """Run the examples that the rules carry; exit 2 if one is wrong.

    Example: cleaner rules test my-rules.toml
    """
    from cleaner.commands import rules as command

    carried_out(lambda messages, out: command.test(out, messages, file))


@rules_app.command("learn", cls=Command)
def rules_learn(
    context: typer.Context,
    paths: Paths = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write the rules.", show_default=False),
    ] = None,
    from_: From = None,
    text_field: TextField = "text",
    workers: Workers = 0,
) -> None:
    """Learn what repeats within each site, as rules to read and edit.

    Example: cleaner rules learn scraped/ -o site.toml
    """
    inputs = inputs_of(paths, from_, Fields(text_field), context)

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import rules as command
        from cleaner.engine import engine

        command.learn(inputs, output, engine(workers), messages, out)

    carried_out(work)
