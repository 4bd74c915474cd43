"""cleaner run on the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from cleaner.cli.app import carried_out, inputs_of, size_of, story_options
from cleaner.cli.options import (
    Address,
    Aggressive,
    Color,
    CopiesOnly,
    DateField,
    Engine,
    EngineKind,
    From,
    Gentle,
    IdField,
    Include,
    Lang,
    LogFormat,
    LogKind,
    Loose,
    MaxSize,
    NoLearn,
    NoPager,
    OnlyArticles,
    RulesFiles,
    Shards,
    SiteField,
    Strict,
    TextField,
    TextIs,
    TextKind,
    Timeout,
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


def run(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="IN", help="The directory, file or URL to read.")],
    target: Annotated[str, typer.Argument(metavar="OUT", help="The directory to write.")],
    to: To = "",
    shards: Shards = None,
    no_learn: NoLearn = False,
    copies_only: CopiesOnly = False,
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
    title_field: TitleField = "title",
    url_field: UrlField = "url",
    site_field: SiteField = "site",
    text_is: TextIs = TextKind.auto,
    only_articles: OnlyArticles = False,
    max_size: MaxSize = "256M",
    timeout: Timeout = 20,
    engine: Engine = EngineKind.processes,
    address: Address = "",
    workers: Workers = 0,
    log_format: LogFormat = LogKind.text,
    color: When = Color.auto,
    width: Width = None,
    no_pager: NoPager = False,
) -> None:
    """Clean a directory, group it, report on it.

    Writes OUT/articles, OUT/groups.jsonl, OUT/manifest.jsonl (a row for every input), OUT/rules (what was learned of each
    site), OUT/summary.json and OUT/report.html. The same command again goes on where it was stopped, and does again what
    has changed.

    Example: cleaner run scraped/ cleaned/
    """
    fields = Fields(text_field, id_field, date_field, title_field, url_field, site_field, text_is.value)
    inputs = inputs_of([source], from_, fields, context, Selection(only_articles=only_articles))

    def work(messages: Messages, out: Out) -> None:
        from cleaner.commands import run as command
        from cleaner.commands.config import Flags, clean_options
        from cleaner.engine import engine as engine_of

        options = clean_options(Flags(rules or (), lang, gentle, aggressive, include or ()), messages)
        stories = story_options(strict, loose, window)
        shard = size_of("--shards", shards) if shards is not None else 0
        largest = size_of("--max-size", max_size)
        wanted = command.Wanted(target, stories, to, not no_learn, shard, largest, copies_only)
        if address and engine != EngineKind.ray:
            raise Usage("--address goes with --engine ray")
        try:
            chosen = engine_of(workers, engine.value, timeout, address)
        except ImportError as error:
            raise Usage(str(error)) from None
        command.run(inputs, options, wanted, chosen, messages, out)

    carried_out(work, Display(color.value, width, not no_pager), log_format.value)
