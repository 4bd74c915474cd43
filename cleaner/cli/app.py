"""What every command line has around its work: options to objects, and the exit code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.options import Display, Fields, Selection, StoryOptions
from cleaner.toml import RuleError

if TYPE_CHECKING:
    from cleaner.commands.inputs import Inputs


_NARROW = 52  # columns below which an option's help stands below it


def _narrowed(formatter: Any) -> None:
    """Make help fit a narrow terminal: lines of its width, and what an option does below its name."""
    columns = shutil.get_terminal_size().columns
    if columns >= _NARROW:
        return
    formatter.width = max(20, columns - 2)

    def below(rows: Iterable[tuple[str, str]], *_: object, **__: object) -> None:
        for name, said in rows:
            formatter.write(" " * formatter.current_indent + name + "\n")
            formatter.indent()
            formatter.indent()
            if said:
                formatter.write_text(said)
            formatter.dedent()
            formatter.dedent()

    formatter.write_dl = below


class Command(TyperCommand):
    """A command whose help fits a narrow terminal."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _narrowed(formatter)
        super().format_help(ctx, formatter)


class Commands(TyperGroup):
    """The same, of several commands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _narrowed(formatter)
        super().format_help(ctx, formatter)


def carried_out(work: Callable[[Messages, Out], None], display: Display | None = None) -> NoReturn:
    """Do a command's work and end with its exit code."""
    messages = Messages()
    out = Out(display, messages.progress.end)
    try:
        try:
            work(messages, out)
        except (Usage, RuleError) as error:
            messages.say(str(error))
            code = 2
        except (KeyboardInterrupt, SystemExit) as end:  # told to stop: whoever should read the rest may have stopped reading
            _drop_output()
            code = int(end.code or 0) if isinstance(end, SystemExit) else 130
        else:
            code = messages.close()
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        code = 0
    except OSError as error:  # a full disk, behind a redirection or where temporary files are
        _drop_output()
        messages.say(f"{error.filename or 'standard output'}: {error.strerror}")
        code = 2
    finally:
        messages.progress.end()
        out.close()
    raise typer.Exit(code)


def story_options(strict: bool, loose: bool, window: int) -> StoryOptions:
    """How stories are found. Raises Usage."""
    if strict and loose:
        raise Usage("--strict and --loose do not go together")
    return StoryOptions("strict" if strict else "loose" if loose else "normal", window)


def _drop_output() -> None:
    """Send what is left in the buffer of standard output nowhere: Python would complain of it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def inputs_of(
    paths: list[str] | None, format: str | None, fields: Fields, context: typer.Context, selection: Selection | None = None
) -> Inputs:
    """What to read; ends with the help where there is nothing."""
    from cleaner.commands.config import with_fields
    from cleaner.commands.inputs import Inputs

    told = [name for name in context.params if getattr(context.get_parameter_source(name), "name", "") != "DEFAULT"]
    with suppress(Usage, RuleError):  # the command itself will say so
        fields = with_fields(fields, told)
    inputs = Inputs(tuple(paths or ()), format, fields, selection or Selection())
    if inputs.nothing_to_read:
        print(context.get_help())
        raise typer.Exit
    return inputs
