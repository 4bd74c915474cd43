"""The options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cleaner.cli import completion
from cleaner.rules import PARTS

FORMATS = ("text", "html", "jsonl", "json", "csv", "tsv", "parquet", "warc", "feed", "mail")  # a test compares them


class Color(StrEnum):
    """When to colour."""

    auto = "auto"
    always = "always"
    never = "never"


class TextKind(StrEnum):
    """What a record's text is taken for."""

    auto = "auto"
    text = "text"
    html = "html"


class Keep(StrEnum):
    """Which article of a copy group is kept."""

    earliest = "earliest"
    latest = "latest"
    longest = "longest"


class EngineKind(StrEnum):
    """What runs the work."""

    processes = "processes"
    serial = "serial"
    ray = "ray"


class LogKind(StrEnum):
    """How messages are written."""

    text = "text"
    json = "json"


Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH ...]", help="Files, directories, or - for standard input.", show_default=False),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="FORMAT",
        autocompletion=completion.formats,
        help=f"Take every input as {', '.join(FORMATS)}.",
        show_default=False,
    ),
]
FilesFrom = Annotated[
    str | None,
    typer.Option("--files-from", metavar="FILE", help="Read the paths from a file, one a line; - is standard input."),
]
Nul = Annotated[bool, typer.Option("-0", help="The paths of --files-from end in NUL.")]
To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="FORMAT",
        help="Write jsonl, csv, parquet or text.",
        autocompletion=completion.outputs,
        show_default=False,
    ),
]
TextField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the text.")]
IdField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the id.")]
DateField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the date.")]
TitleField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the title.")]
UrlField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the address.")]
SiteField = Annotated[str, typer.Option(metavar="NAME", help="The record field that holds the site.")]
TextIs = Annotated[TextKind, typer.Option(metavar="KIND", help="Take the text field as text or html; auto looks.")]
OnlyArticles = Annotated[
    bool, typer.Option("--only-articles", help="Leave out what is no article: consent walls, error pages, indexes.")
]
Workers = Annotated[int, typer.Option("--workers", "-j", metavar="N", min=0, help="Worker processes; 0 is one a core.")]
Engine = Annotated[
    EngineKind,
    typer.Option(metavar="KIND", help="What does the work: processes; serial, without --timeout; or ray, a cluster."),
]
Address = Annotated[
    str,
    typer.Option(metavar="ADDRESS", help="The cluster of --engine ray: host:port. Else this machine.", show_default=False),
]
Timeout = Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="What an article may take; then it fails.")]
MaxSize = Annotated[str, typer.Option(metavar="SIZE", help="Skip larger articles; in bytes, or with K, M or G.")]
Shards = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="Write compressed JSONL files of about SIZE bytes of records.", show_default=False),
]
NoLearn = Annotated[bool, typer.Option("--no-learn", help="Do not learn what repeats within each site.")]
LogFormat = Annotated[LogKind, typer.Option(metavar="KIND", help="Messages and progress as text or json.")]
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
    typer.Option(
        "--lang",
        metavar="TAG",
        help="The articles' language (en, de, ...), else found out.",
        autocompletion=completion.languages,
        show_default=False,
    ),
]
RulesFiles = Annotated[
    list[str] | None,
    typer.Option("--rules", metavar="FILE", help="A file of your own rules; may be repeated.", show_default=False),
]
Gentle = Annotated[bool, typer.Option("--gentle", help="Take only what the model is all but certain of.")]
Aggressive = Annotated[bool, typer.Option("--aggressive", help="Take what the model holds for boilerplate, if only just.")]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="PART",
        help=f"Keep {', '.join(PARTS)}: one of them; may be repeated.",
        autocompletion=completion.parts,
    ),
]
Window = Annotated[int, typer.Option(metavar="DAYS", min=0, help="Days that two dated articles of a story may be apart.")]
CopiesOnly = Annotated[bool, typer.Option("--copies-only", help="Skip stories.")]
Strict = Annotated[bool, typer.Option("--strict", help="Group fewer articles into stories: fewer false pairs.")]
Loose = Annotated[bool, typer.Option("--loose", help="Group more articles into stories: fewer missed pairs.")]
StoryId = Annotated[
    str | None,
    typer.Option(
        "--story",
        metavar="ID",
        help="The tellings of a story of a run's OUT: an id, its beginning, or words of the headline.",
        autocompletion=completion.stories,
        show_default=False,
    ),
]
Ids = Annotated[
    list[str] | None,
    typer.Option("--id", metavar="ID", help="Compare two records of the files by their ids; twice.", show_default=False),
]
Full = Annotated[bool, typer.Option("--full", help="All of a story's report, nothing folded.")]
Unsure = Annotated[bool, typer.Option("--all", help="Also what may be a disagreement, or not.")]
NoClean = Annotated[bool, typer.Option("--no-clean", help="Take the articles as they are.")]
RulesFile = Annotated[
    str | None, typer.Argument(metavar="[FILE]", help="A file of rules, instead of those in force.", show_default=False)
]
