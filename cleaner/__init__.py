"""Strip boilerplate from scraped news articles, group copies and stories, and show what differs.

One function a command: `clean` (with `clean_many`, at the batch's speed, and `clean_text`, the text alone), `group`, `diff`;
and `Index`. `fingerprint` is for LSH indexes of one's own. `load_rules` is for `--rules`: it returns the `rules` of `clean`,
`clean_many` and of CleanOptions.

What goes in: Article, Block; CleanOptions, Rule; Processes and Serial, the engines of `group` and Index.
What comes out: CleanResult, Removal; Grouping, Member, Group, Passage, Shared; Comparison, Sentence, Change, Disagreement;
of an Index News and IndexedStory.
What is raised: ArticleError, IndexFault, RuleError, beside ValueError for options and TypeError for what is no article; what
is warned of: SkippedArticle.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from cleaner.api import ArticleError, Index, SkippedArticle, clean, clean_many, clean_text, diff, group
from cleaner.engine import Engine, Processes, Serial
from cleaner.fingerprint import fingerprint
from cleaner.model import Article, Block, CleanResult, Group, Grouping, IndexFault, Member, Passage, Removal, Shared
from cleaner.notebook import show as _show_in_notebooks
from cleaner.options import CleanOptions
from cleaner.rules import Rule, load_rules
from cleaner.toml import RuleError
from cleaner.version import VERSION as __version__

if TYPE_CHECKING:
    from cleaner.diff import Change, Comparison, Disagreement, Sentence
    from cleaner.index.contents import IndexedStory
    from cleaner.index.news import News

_show_in_notebooks()

__all__ = [
    "Article",
    "ArticleError",
    "Block",
    "Change",
    "CleanOptions",
    "CleanResult",
    "Comparison",
    "Disagreement",
    "Engine",
    "Group",
    "Grouping",
    "Index",
    "IndexFault",
    "IndexedStory",
    "Member",
    "News",
    "Passage",
    "Processes",
    "Removal",
    "Rule",
    "RuleError",
    "Sentence",
    "Serial",
    "Shared",
    "SkippedArticle",
    "__version__",
    "clean",
    "clean_many",
    "clean_text",
    "diff",
    "fingerprint",
    "group",
    "load_rules",
]

_LATER = {  # loaded when they are first asked for: cleaning does without what compares, and without numpy and SQLite
    "Change": "diff",
    "Comparison": "diff",
    "Disagreement": "diff",
    "Sentence": "diff",
    "IndexedStory": "index.contents",
    "News": "index.news",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
