"""cleaner index: flags to options, one call."""

from __future__ import annotations

from typing import Annotated

import typer

from cleaner.cli import completion
from cleaner.cli.app import Command, Commands, carried_out, inputs_of, story_options
from cleaner.cli.options import (
    Aggressive,
    Color,
    DateField,
    FilesFrom,
    From,
    Gentle,
    Html,
    IdField,
    Include,
    Lang,
    Loose,
    NoClean,
    NoPager,
    Nul,
    OnlyArticles,
    Paths,
    RulesFiles,
    SiteField,
    Strict,
    TextField,
    TextIs,
    TextKind,
    TitleField,
    To,
    UrlField,
    When,
    Width,
    Window,
    Workers,
)
from cleaner.commands.messages import Messages, Usage
from cleaner.commands.output import Out
from cleaner.options import WINDOW, Display, Fields, Selection

index_app = typer.Typer(
    cls=Commands,
    help="New articles against all before: add, query, stories, show, forget, check.\n\n"
    "Example: cleaner index add news.index today.jsonl",
    no_args_is_help=True,
    rich_markup_mode=None,
)

IndexPath = Annotated[
    str, typer.Argument(metavar="INDEX", help="The file of the index, or redis://HOST:PORT/DB/NAME.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="JSON records.")]


def _command(keep: bool) -> None:
    name, help = ("add", _ADD) if keep else ("query", _QUERY)

    @index_app.command(name, cls=Command, help=help)
    def command(
        context: typer.Context,
        index: IndexPath,
        paths: Paths = None,
        json: Json = False,
        html: Html = False,
        to: To = "",
        files_from: FilesFrom = None,
        nul: Nul = False,
        window: Window = WINDOW,
        strict: Strict = False,
        loose: Loose = False,
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
        only_articles: OnlyArticles = False,
        workers: Workers = 0,
        color: When = Color.auto,
        width: Width = None,
        no_pager: NoPager = False,
    ) -> None:
        fields = Fields(text_field, id_field, date_field, title_field, url_field, site_field, text_is.value)
        inputs = inputs_of(paths, from_, fields, context, Selection(files_from, nul, only_articles))

        def work(messages: Messages, out: Out) -> None:
            from cleaner.commands import index as command
            from cleaner.commands.config import Flags, clean_options
            from cleaner.engine import engine

            if json + html + bool(to) > 1:
                raise Usage("of --json, --html and --to one goes")
            options = clean_options(Flags(rules or (), lang, gentle, aggressive, include or ()), messages)
            stories = story_options(strict, loose, window)
            wanted = command.Wanted(keep, "html" if html else "json" if json else "digest", to, stories)
            command.take(index, inputs, None if no_clean else options, wanted, engine(workers), messages, out)

        carried_out(work, Display(color.value, width, not no_pager))


_ADD = """Add articles, and say what is new: copies, tellings of earlier stories, new stories.

The index is made where there is none. An add has happened as a whole or not at all.

Example: cleaner index add news.index today.jsonl
"""
_QUERY = """Say what add would say, and keep nothing.

Example: cleaner index query news.index today.jsonl --json
"""
_command(True)
_command(False)


@index_app.command("stories", cls=Command)
def index_stories(
    index: IndexPath,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only stories of which something was told then or later.", show_default=False),
    ] = None,
    grew: Annotated[bool, typer.Option("--grew", help="Only stories that a later addition continued.")] = False,
    json: Json = False,
    no_pager: NoPager = False,
) -> None:
    """List the stories, the oldest first.

    Example: cleaner index stories news.index --since 2024-03-18 --grew
    """

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import index as command

        command.stories(index, since, grew, json, out)

    carried_out(work, Display(pager=not no_pager))


@index_app.command("show", cls=Command)
def index_show(
    index: IndexPath,
    story: Annotated[
        str,
        typer.Argument(
            metavar="STORY",
            help="The id of a story, or of an article of it.",
            autocompletion=completion.indexed_stories,
        ),
    ],
    json: Json = False,
    no_pager: NoPager = False,
) -> None:
    """Show one story: its articles, and what they share.

    Example: cleaner index show news.index wire-0001
    """

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import index as command

        command.show(index, story, json, out)

    carried_out(work, Display(pager=not no_pager))


@index_app.command("forget", cls=Command)
def index_forget(
    index: IndexPath,
    before: Annotated[str, typer.Option(metavar="DATE", help="Stories of which nothing was told then or later.")],
) -> None:
    """Take out old stories, as a whole.

    Example: cleaner index forget news.index --before 2024-01-01
    """

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import index as command

        command.forget(index, before, messages, out)

    carried_out(work)


@index_app.command("check", cls=Command)
def index_check(index: IndexPath) -> None:
    """Say whether an index is whole, and how large; exit 2 where it is not.

    Example: cleaner index check news.index
    """

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import index as command

        command.check(index, messages, out)

    carried_out(work)
