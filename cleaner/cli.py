"""Flags to options, one call, an exit code. No logic."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from cleaner.commands.intake import Inputs

from cleaner.commands.ledger import Ledger, Usage
from cleaner.commands.output import Look, Out
from cleaner.group.dials import WINDOW, Dials
from cleaner.rules import PARTS, RuleError
from cleaner.version import VERSION

_HELP = """Strip boilerplate from scraped news articles, group copies and stories, and show what differs.

\b
Examples:
  cleaner clean article.txt                   the article without boilerplate
  cleaner clean --diff scraped/               what would be removed, and why
  cleaner clean scraped/ -o cleaned/          one output a file
  cleaner group articles/                     copies and stories
  cleaner diff one.txt other.txt              how two articles differ
  cleaner diff --story ID out/                how the tellings of a story differ
  cleaner run scraped/ out/                   all of it, with out/report.html
  cleaner rules show en/related-heading       what a rule removes, and keeps

\b
cleaner COMMAND --help tells more.
"""

app = typer.Typer(
    name="cleaner",
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(
    help="The rules that decide: list, show, test, learn.\n\nExample: cleaner rules list",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(rules_app, name="rules")


class Color(StrEnum):
    """When to colour."""

    auto = "auto"
    always = "always"
    never = "never"


Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH ...]", help="Files, directories, or - for standard input.", show_default=False),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="FORMAT", help="Take every input as text, html, jsonl or json.", show_default=False),
]
TextField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the text.")]
IdField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the id.")]
DateField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the date.")]
Workers = Annotated[int, typer.Option("--workers", "-j", metavar="N", min=0, help="Worker processes; 0 is one a processor.")]
When = Annotated[Color, typer.Option("--color", metavar="WHEN", help="Colour: auto, always or never.")]
Width = Annotated[
    int | None,
    typer.Option(metavar="N", min=20, help="Columns of a report, else the terminal's.", show_default=False),
]
NoPager = Annotated[bool, typer.Option("--no-pager", help="Do not show reports in a pager.")]
Patch = Annotated[bool, typer.Option("--patch", help="As a patch for git apply; of plain-text files.")]
Html = Annotated[bool, typer.Option("--html", help="The report as one HTML page.")]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="TAG", help="The articles' language (en, de, ...), else found out.", show_default=False),
]
RulesFiles = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="FILE", help="A file of your own rules; may be repeated.", show_default=False),
]
Gentle = Annotated[bool, typer.Option("--gentle", help="Take only what the model is all but certain of.")]
Aggressive = Annotated[bool, typer.Option("--aggressive", help="Take what the model holds for boilerplate, if only just.")]
Include = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="PART", help=f"Keep {', '.join(PARTS)}: one of them; may be repeated."),
]
Window = Annotated[int, typer.Option(metavar="DAYS", min=0, help="Days that two dated articles of a story may be apart.")]
Strict = Annotated[bool, typer.Option("--strict", help="Group fewer articles into stories: fewer false pairs.")]
Loose = Annotated[bool, typer.Option("--loose", help="Group more articles into stories: fewer missed pairs.")]
NoClean = Annotated[bool, typer.Option("--no-clean", help="Take the articles as they are.")]
RulesFile = Annotated[
    str | None, typer.Argument(metavar="[FILE]", help="A file of rules, instead of those in force.", show_default=False)
]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"cleaner {VERSION}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


def _run(work: Callable[[Ledger, Out], None], look: Look | None = None) -> NoReturn:
    """Do a command's work and end with its exit code."""
    ledger = Ledger()
    out = Out(look, ledger.progress.end)
    try:
        try:
            work(ledger, out)
        except (Usage, RuleError) as error:
            ledger.say(str(error))
            code = 2
        except KeyboardInterrupt:
            code = 130
        else:
            code = ledger.close()
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        code = 0
    except OSError as error:  # a full disk, behind a redirection or where temporary files are
        _drop_output()
        ledger.say(f"{error.filename or 'standard output'}: {error.strerror}")
        code = 2
    finally:
        ledger.progress.end()
        out.close()
    raise typer.Exit(code)


def _dials(strict: bool, loose: bool, window: int) -> Dials:
    if strict and loose:
        raise Usage("--strict and --loose do not go together")
    return Dials("strict" if strict else "loose" if loose else "normal", window)


def _drop_output() -> None:
    """Send what is left in the buffer of standard output nowhere: Python would complain of it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _inputs(
    paths: list[str] | None,
    format: str | None,
    text: str,
    id: str,
    date: str,
    context: typer.Context,
    lang: str | None = None,
) -> Inputs:
    from cleaner.commands.intake import Inputs
    from cleaner.records import Fields

    inputs = Inputs(tuple(paths or ()), format, Fields(text, id, date), lang)
    if inputs.nothing_to_read:
        print(context.get_help())
        raise typer.Exit
    return inputs


@app.command()
def clean(
    context: typer.Context,
    paths: Paths = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="DIR", help="Write one output a file there.", show_default=False),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Rewrite plain-text files.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Records, with what was removed and why.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would be removed, and why, instead.")] = False,
    patch: Patch = False,
    html: Html = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if anything would be removed.")] = False,
    learn: Annotated[bool, typer.Option("--learn", help="First learn what repeats within each site.")] = False,
    lang: Lang = None,
    rules: RulesFiles = None,
    gentle: Gentle = False,
    aggressive: Aggressive = False,
    include: Include = None,
    from_: From = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
    date_field: DateField = "date",
    workers: Workers = 0,
    color: When = Color.auto,
    width: Width = None,
    no_pager: NoPager = False,
) -> None:
    """Strip the boilerplate from articles.

    One text or page comes out as text, records as JSON lines.

    Example: cleaner clean article.txt
    """
    inputs = _inputs(paths, from_, text_field, id_field, date_field, context, lang)

    def work(ledger: Ledger, out: Out) -> None:
        from cleaner.commands import clean as command
        from cleaner.commands.config import Flags, configured
        from cleaner.engine import engine

        forms = [name for name, on in (("patch", patch), ("html", html)) if on]
        others = (("in-place", in_place), ("json", json), ("diff", diff and not forms), ("check", check))
        chosen = [name for name, on in others if on] + forms
        if len(chosen) > 1:
            raise Usage(f"--{chosen[0]} and --{chosen[1]} do not go together")
        if output == "":
            raise Usage("-o: an empty path")
        if output and chosen not in ([], ["json"]):
            raise Usage(f"-o and --{chosen[0]} do not go together")
        how = command.How(chosen[0] if chosen else "text", output, learn)
        command.run(
            configured(inputs, Flags(rules or (), gentle, aggressive, include or ()), ledger),
            how,
            engine(workers),
            ledger,
            out,
        )

    _run(work, Look(color.value, width, not no_pager))


@app.command()
def group(
    context: typer.Context,
    paths: Paths = None,
    json: Annotated[bool, typer.Option("--json", help="One record an article: id, story, copy.")] = False,
    unique: Annotated[bool, typer.Option("--unique", help="Write one article of each copy group, as it came.")] = False,
    copies_only: Annotated[bool, typer.Option("--copies-only", help="Skip stories.")] = False,
    window: Window = WINDOW,
    strict: Strict = False,
    loose: Loose = False,
    no_clean: NoClean = False,
    lang: Lang = None,
    rules: RulesFiles = None,
    from_: From = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
    date_field: DateField = "date",
    workers: Workers = 0,
    color: When = Color.auto,
    width: Width = None,
    no_pager: NoPager = False,
) -> None:
    """Group copies and stories.

    A group is called by its representative: the earliest dated article, then the longest, then the smallest id.

    Example: cleaner group articles/
    """
    inputs = _inputs(paths, from_, text_field, id_field, date_field, context, lang)

    def work(ledger: Ledger, out: Out) -> None:
        from cleaner.commands import group as command
        from cleaner.commands.config import Flags, configured
        from cleaner.engine import engine

        mode = "unique" if unique else "json" if json else "overview"
        how = command.How(mode, not no_clean, copies_only, _dials(strict, loose, window))
        command.run(configured(inputs, Flags(rules or ()), ledger), how, engine(workers), ledger, out)

    _run(work, Look(color.value, width, not no_pager))


@app.command()
def diff(
    context: typer.Context,
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="FILE | A B | OUT", help="What to look at.", show_default=False)
    ] = None,
    story: Annotated[
        str | None,
        typer.Option("--story", metavar="ID", help="The tellings of a story of a run's OUT.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    patch: Patch = False,
    html: Html = False,
    no_clean: NoClean = False,
    lang: Lang = None,
    rules: RulesFiles = None,
    gentle: Gentle = False,
    aggressive: Aggressive = False,
    include: Include = None,
    from_: From = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
    date_field: DateField = "date",
    color: When = Color.auto,
    width: Width = None,
    no_pager: NoPager = False,
) -> None:
    """Show what was removed and why, or how articles differ.

    FILE: what cleaning removes from it. A B: how two articles differ. --story ID OUT: how the tellings of a story differ.

    Example: cleaner diff one.txt other.txt --html > differences.html
    """
    inputs = _inputs(paths, from_, text_field, id_field, date_field, context, lang)

    def work(ledger: Ledger, out: Out) -> None:
        from cleaner.commands import diff as command
        from cleaner.commands.config import Flags, configured
        from cleaner.engine import engine

        forms = [name for name, on in (("json", json), ("patch", patch), ("html", html)) if on]
        if len(forms) > 1:
            raise Usage(f"--{forms[0]} and --{forms[1]} do not go together")
        command.run(
            configured(inputs, Flags(rules or (), gentle, aggressive, include or ()), ledger),
            command.How(forms[0] if forms else "terminal", not no_clean, story),
            engine(1),
            ledger,
            out,
        )

    _run(work, Look(color.value, width, not no_pager))


@app.command()
def run(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="IN", help="The directory, or file, to read.")],
    target: Annotated[str, typer.Argument(metavar="OUT", help="The directory to write.")],
    window: Window = WINDOW,
    strict: Strict = False,
    loose: Loose = False,
    lang: Lang = None,
    rules: RulesFiles = None,
    gentle: Gentle = False,
    aggressive: Aggressive = False,
    include: Include = None,
    from_: From = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
    date_field: DateField = "date",
    workers: Workers = 0,
    color: When = Color.auto,
    width: Width = None,
    no_pager: NoPager = False,
) -> None:
    """Clean a directory, group it, report on it.

    Writes OUT/articles, OUT/groups.jsonl, OUT/manifest.jsonl (a row for every input), OUT/summary.json and
    OUT/report.html.

    Example: cleaner run scraped/ cleaned/
    """
    inputs = _inputs([source], from_, text_field, id_field, date_field, context, lang)

    def work(ledger: Ledger, out: Out) -> None:
        from cleaner.commands import run as command
        from cleaner.commands.config import Flags, configured
        from cleaner.engine import engine

        command.run(
            configured(inputs, Flags(rules or (), gentle, aggressive, include or ()), ledger),
            target,
            _dials(strict, loose, window),
            engine(workers),
            ledger,
            out,
        )

    _run(work, Look(color.value, width, not no_pager))


@rules_app.command("list")
def rules_list(file: RulesFile = None, no_pager: NoPager = False) -> None:
    """Name the rules, one a line.

    Example: cleaner rules list
    """
    from cleaner.commands import rules as command

    _run(lambda ledger, out: command.list_rules(out, file), Look(pager=not no_pager))


@rules_app.command("show")
def rules_show(name: Annotated[str, typer.Argument(metavar="ID", help="The rule's id.")], file: RulesFile = None) -> None:
    """Show one rule: why, patterns, examples.

    Example: cleaner rules show en/related-heading
    """
    from cleaner.commands import rules as command

    _run(lambda ledger, out: command.show(out, name, file))


@rules_app.command("test")
def rules_test(file: RulesFile = None) -> None:
    """Run the examples that the rules carry; exit 2 if one is wrong.

    Example: cleaner rules test my-rules.toml
    """
    from cleaner.commands import rules as command

    _run(lambda ledger, out: command.test(out, ledger, file))


@rules_app.command("learn")
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
    inputs = _inputs(paths, from_, text_field, "id", "date", context)

    def work(ledger: Ledger, out: Out) -> None:
        from cleaner.commands import rules as command
        from cleaner.engine import engine

        command.learn(inputs, output, engine(workers), ledger, out)

    _run(work)
