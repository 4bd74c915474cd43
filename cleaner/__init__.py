"""Strip boilerplate from scraped news articles, group copies and stories, and show what differs.

One function a command: `clean` (and `clean_many`, at the batch's speed), `group`, `diff`; and `Index`. `fingerprint` is
for LSH indexes of one's own. `load_rules` is for `--rules`: it returns the `rules` of `clean`, `clean_many` and of
CleanOptions.
"""

from typing import TYPE_CHECKING

from cleaner.api import Index, clean, clean_many, diff, group
from cleaner.fingerprint import fingerprint
from cleaner.model import Article, Block, CleanResult, Group, Grouping, IndexFault, Member, Passage, Removal, Shared
from cleaner.notebook import show as _show_in_notebooks
from cleaner.options import CleanOptions
from cleaner.rules import Rule, load_rules
from cleaner.toml import RuleError
from cleaner.version import VERSION as __version__

if TYPE_CHECKING:
    from cleaner.diff import Comparison

_show_in_notebooks()

__all__ = [
    "Article",
    "Block",
    "CleanOptions",
    "CleanResult",
    "Comparison",
    "Group",
    "Grouping",
    "Index",
    "IndexFault",
    "Member",
    "Passage",
    "Removal",
    "Rule",
    "RuleError",
    "Shared",
    "__version__",
    "clean",
    "clean_many",
    "diff",
    "fingerprint",
    "group",
    "load_rules",
]


def __getattr__(name: str) -> object:
    """The type of a comparison, which is loaded when it is first asked for."""
    if name != "Comparison":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cleaner.diff.tellings import Comparison

    return Comparison
