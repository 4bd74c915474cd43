"""Make docs/cleaner.1, the man page, out of what the command line says of itself.

    python scripts/man_page.py

The wheel has it in share/man/man1; a test compares it with what would be written now.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from cleaner.cli import app
from cleaner.version import VERSION

PAGE = Path(__file__).parent.parent / "docs" / "cleaner.1"
EXIT = """\
.SH EXIT STATUS
.TP
0
Done; also of a reader that stopped reading.
.TP
1
.B \\-\\-check
would change something.
.TP
2
Wrong usage, or an input that could not be read or failed; the others are still done.
.TP
130, 143
Ended by SIGINT, SIGTERM.
.SH ENVIRONMENT
.TP
NO_COLOR, FORCE_COLOR
No colour; colour in a pipe, too.
.TP
PAGER
What reports are shown by on a terminal, instead of
.BR less (1).
.TP
TMPDIR
Where temporary files are.
.SH FILES
.TP
cleaner.toml, pyproject.toml
What always applies: in the current directory, or the nearest above it up to the root of the repository.
"""


def page() -> str:
    """The page, as roff."""
    top: Any = get_command(app)
    about, examples = _parted(top.help)
    lines = [
        f'.TH CLEANER 1 "" "cleaner {VERSION}" "User Commands"',
        ".SH NAME",
        "cleaner \\- " + _escaped(about[0].rstrip(".").replace("Strip", "strip", 1)),
        ".SH SYNOPSIS",
        ".B cleaner",
        ".I COMMAND",
        "[OPTIONS] [PATH ...]",
        ".SH DESCRIPTION",
        *(_escaped(line) for line in about[1:] or about),
        ".SH COMMANDS",
    ]
    for name, command in _commands(top, ""):
        about, more = _parted(command.help)
        arguments = " ".join(_argument(one) for one in command.params if one.param_type_name == "argument")
        lines += [f'.SS "{_escaped(f"cleaner {name} {arguments}".strip())}"']
        lines += [line for paragraph in about for line in (_escaped(paragraph), ".PP")][:-1]
        for option in command.params:
            if option.param_type_name == "option":
                lines += [".TP", _option(option), _escaped(_told(option))]
        examples += more
    lines += [EXIT.rstrip("\n"), ".SH EXAMPLES", ".nf", *(_escaped(line) for line in examples), ".fi", ".SH SEE ALSO"]
    return "\n".join([*lines, "The guide, docs/guide.md in the sources."]) + "\n"


def _commands(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def _parted(help: str | None) -> tuple[list[str], list[str]]:
    """The paragraphs of a help text, each on a line, and its examples."""
    about, examples = [], []
    for paragraph in textwrap.dedent(help or "").replace("\b", "").strip().split("\n\n"):
        paragraph = paragraph.strip("\n")
        if paragraph.startswith("Examples:"):
            examples += [line.strip() for line in paragraph.split("\n")[1:]]
        elif paragraph.startswith("Example: "):
            examples.append(" ".join(paragraph.removeprefix("Example: ").split()))
        elif paragraph and not paragraph.startswith("cleaner COMMAND"):
            about.append(" ".join(paragraph.split()))
    return about, examples


def _argument(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _option(option: Any) -> str:
    names = ", ".join(f"\\fB{_escaped(name)}\\fR" for name in [*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" \\fI{_escaped(option.metavar or option.name.upper())}\\fR"
    return names + value


def _told(option: Any) -> str:
    shown = option.show_default is not False and not option.is_flag and option.default not in (None, "", [], ())
    default = f" Default: {getattr(option.default, 'value', option.default)}." if shown else ""
    return f"{option.help or ''}{default}"


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
