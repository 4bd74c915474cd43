"""Strip boilerplate from scraped news articles, group copies and stories, and show what differs.

One function a command: `clean` (and `clean_many`, at the batch's speed), `group`, `diff`. `fingerprint` is
for LSH indexes of one's own. `load_rules` is for `--rules`: it returns the `ruleset` of `clean` and `clean_many`.
"""

from cleaner.clean import clean, clean_many
from cleaner.diff import Comparison, diff
from cleaner.fingerprint import fingerprint
from cleaner.group import group
from cleaner.model import Article, Block, CleanResult, Group, Grouping, Member, Passage, Removal, Shared
from cleaner.rules import Rule, RuleError, RuleSet, load_rules
from cleaner.version import VERSION as __version__

__all__ = [
    "Article",
    "Block",
    "CleanResult",
    "Comparison",
    "Group",
    "Grouping",
    "Member",
    "Passage",
    "Removal",
    "Rule",
    "RuleError",
    "RuleSet",
    "Shared",
    "__version__",
    "clean",
    "clean_many",
    "diff",
    "fingerprint",
    "group",
    "load_rules",
]
