"""Flags to options, one call, an exit code. No logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cleaner.cli.app import Command, Commands, carried_out, inputs_of, story_options
from cleaner.cli.index import index_app
from cleaner.cli.options import (
    Aggressive,
    Color,
    CopiesOnly,
    DateField,
    FilesFrom,
    From,
    Full,
    Gentle,
    Html,
    IdField,
    Ids,
    Include,
    Keep,
    Lang,
    Loose,
    NoClean,
    NoPager,
    Nul,
    OnlyArticles,
    Patch,
    Paths,
    RulesFiles,
    SiteField,
    StoryId,
    Strict,
    TextField,
    TextIs,
    TextKind,
    TitleField,
    To,
    Unsure,
    UrlField,
    When,
    Width,
    Window,
    Workers,
)
from cleaner.cli.rules import rules_app
from cleaner.cli.run import run
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.options import WINDOW, Display, Fields, Selection
from cleaner.version import VERSION

_HELP = """Strip boilerplate from scraped news articles, group copies and stories, and show what differs.

\b
Examples:
  cleaner clean article.txt                   the article without boilerplate
  cleaner clean --diff scraped/               what would be removed, and why
  cleaner group articles/                     copies and stories
  cleaner diff one.txt other.txt              how two articles differ
  cleaner diff --story ID out/                how the tellings of a story differ
  cleaner run scraped/ out/                   all of it, with out/report.html
  cleaner rules show en/related-heading       what a rule removes, and keeps
  cleaner index add news.index today.jsonl    what is new, against all before

\b
cleaner COMMAND --help tells more.
"""

app = typer.Typer(
    name="cleaner",
    cls=Commands,
    help=_HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(rules_app, name="rules")
app.add_typer(index_app, name="index")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"cleaner {VERSION}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


@app.command(cls=Command)
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
    to: To = "",
    files_from: FilesFrom = None,
    nul: Nul = False,
    learn: Annotated[bool, typer.Option("--learn", help="First learn what repeats within each site.")] = False,
    rules_out: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write what --learn learned to a file.", show_default=False)
    ] = None,
    lang: Lang = None,
    rules: RulesFiles = None,
    gentle: Gentle = False,
    aggressive: Aggressive = False,
    include: Include = None,
    from_: From = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
    date_field: DateField = "date",
    title_field: TitleField = "title",
    url_field: UrlField = "url",
    site_field: SiteField = "site",
    text_is: TextIs = TextKind.auto,
    only_articles: OnlyArticles = False,
    workers: Workers = 0,
    color: When = Color.auto,
    width: Width = None,
    no_pager: NoPager = False,
) -> None:
    """Strip the boilerplate from articles.

    One text or page comes out as text, records as JSON lines.

    Example: cleaner clean article.txt
    """
    fields = Fields(text_field, id_field, date_field, title_field, url_field, site_field, text_is.value)
    inputs = inputs_of(paths, from_, fields, context, Selection(files_from, nul, only_articles))

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import clean as command
        from cleaner.commands.config import Flags, clean_options
        from cleaner.engine import engine

        pages: dict[command.Mode, bool] = {"patch": patch, "html": html}
        modes: dict[command.Mode, bool] = {
            "in-place": in_place,
            "json": json,
            "diff": diff and not any(pages.values()),
            "check": check,
            **pages,
        }
        chosen = [name for name, on in modes.items() if on]
        if len(chosen) > 1:
            raise Usage(f"--{chosen[0]} and --{chosen[1]} do not go together")
        if output == "":
            raise Usage("-o: an empty path")
        if output and chosen not in ([], ["json"]):
            raise Usage(f"-o and --{chosen[0]} do not go together")
        options = clean_options(Flags(rules or (), lang, gentle, aggressive, include or ()), messages)
        if rules_out is not None and not learn:
            raise Usage("--rules-out goes with --learn")
        wanted = command.Wanted(chosen[0] if chosen else "text", output, learn, to, rules_out)
        command.run(inputs, options, wanted, engine(workers), messages, out)

    carried_out(work, Display(color.value, width, not no_pager))


@app.command(cls=Command)
def group(
    context: typer.Context,
    paths: Paths = None,
    json: Annotated[bool, typer.Option("--json", help="One record an article: id, story, copy.")] = False,
    html: Html = False,
    unique: Annotated[bool, typer.Option("--unique", help="Write one article of each copy group, as it came.")] = False,
    keep: Annotated[Keep | None, typer.Option(help="Which article of a copy group --unique writes.")] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="DIR", help="With --unique: copy the files there.", show_default=False),
    ] = None,
    list_paths: Annotated[bool, typer.Option("--paths", help="With --unique: list the files.")] = False,
    to: To = "",
    files_from: FilesFrom = None,
    nul: Nul = False,
    copies_only: CopiesOnly = False,
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
    title_field: TitleField = "title",
    url_field: UrlField = "url",
    site_field: SiteField = "site",
    text_is: TextIs = TextKind.auto,
    only_articles: OnlyArticles = False,
    workers: Workers = 0,
    color: When = Color.auto,
    width: Width = None,
    no_pager: NoPager = False,
) -> None:
    """Group copies and stories.

    A group is called by its representative: the earliest dated article, then the longest, then the smallest id.

    Example: cleaner group articles/
    """
    fields = Fields(text_field, id_field, date_field, title_field, url_field, site_field, text_is.value)
    inputs = inputs_of(paths, from_, fields, context, Selection(files_from, nul, only_articles))

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import group as command
        from cleaner.commands.config import Flags, clean_options
        from cleaner.engine import engine

        if keep and not unique:
            raise Usage("--keep goes with --unique")
        if html and (json or unique or to):
            raise Usage(f"--html and --{'json' if json else 'unique' if unique else 'to'} do not go together")
        mode: Literal["overview", "json", "unique", "html"] = "unique" if unique else "json" if json else "overview"
        mode = "html" if html else mode
        stories = story_options(strict, loose, window)
        wanted = command.Wanted(mode, copies_only, keep.value if keep else "earliest", stories, to, output, list_paths)
        options = clean_options(Flags(rules or (), lang), messages)
        command.run(inputs, None if no_clean else options, wanted, engine(workers), messages, out)

    carried_out(work, Display(color.value, width, not no_pager))


@app.command(cls=Command)
def diff(
    context: typer.Context,
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="FILE | A B | OUT | OUT OUT", help="What to look at.", show_default=False)
    ] = None,
    story: StoryId = None,
    ids: Ids = None,
    full: Full = False,
    unsure: Unsure = False,
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
    title_field: TitleField = "title",
    url_field: UrlField = "url",
    site_field: SiteField = "site",
    text_is: TextIs = TextKind.auto,
    color: When = Color.auto,
    width: Width = None,
    no_pager: NoPager = False,
) -> None:
    """Show what was removed and why, or how articles differ.

    FILE: what cleaning removes from it. A B: how two articles differ; FILE#N is the Nth record of a file. --story ID OUT:
    how the tellings of a story differ, who says what, and where they disagree. OUT OUT: what another version, rule or
    option does to a run: texts, rules and groups that differ.

    Example: cleaner diff one.txt other.txt --html > differences.html
    """
    inputs = inputs_of(
        paths, from_, Fields(text_field, id_field, date_field, title_field, url_field, site_field, text_is.value), context
    )

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import clean as removals
        from cleaner.commands import diff as command
        from cleaner.commands import runs
        from cleaner.commands.config import Flags, clean_options
        from cleaner.engine import engine

        asked: dict[command.Form, bool] = {"json": json, "patch": patch, "html": html}
        forms = [name for name, on in asked.items() if on]
        if len(forms) > 1:
            raise Usage(f"--{forms[0]} and --{forms[1]} do not go together")
        options = clean_options(Flags(rules or (), lang, gentle, aggressive, include or ()), messages)
        form = command.checked(inputs.paths, story, ids or (), not no_clean, forms[0] if forms else "terminal")
        view = command.Shown(form, full, unsure)
        if story is not None:
            command.story(Path(inputs.paths[0]), story, view, messages, out)
        elif not ids and runs.are_runs(inputs.paths):
            runs.compare(Path(inputs.paths[0]), Path(inputs.paths[1]), form, messages, out)
        elif ids or len(inputs.paths) == 2:
            command.pair(inputs, ids or (), None if no_clean else options, view, messages, out)
        else:
            wanted = removals.Wanted("diff" if form == "terminal" else form)
            removals.run(inputs, options, wanted, engine(1), messages, out)

    carried_out(work, Display(color.value, width, not no_pager))


app.command(cls=Command)(run)
