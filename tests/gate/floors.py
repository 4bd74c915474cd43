"""What the program scored when a figure was last pinned: floors.json, {"pages": {...}, "stories": {...}, "copies": {...}}.

Every figure is one of which more is better. `raise_floors` never lowers one: that takes a hand, and a commit of its own
that says which measure rose for it.
"""

import json
from math import floor as whole
from pathlib import Path

FILE = Path(__file__).with_name("floors.json")
PLACES = 10_000  # a floor is a figure rounded down to the fourth decimal
_EPSILON = 1e-9


def floor(*path):
    """What is pinned under a path of keys: a number, or the tree below."""
    tree = json.loads(FILE.read_text(encoding="utf-8"))
    for key in path:
        tree = tree[key]
    return tree


def misses(figures, *path):
    """In a line each: the figures below their floors, those that have none, and the floors whose figures are gone."""
    return list(_misses(figures, floor(*path), "/".join(path)))


def _misses(found, pinned, where):
    if isinstance(found, dict) and isinstance(pinned, dict):
        for key in [*found, *(key for key in pinned if key not in found)]:
            yield from _misses(found.get(key), pinned.get(key), f"{where}/{key}")
    elif isinstance(found, dict) or isinstance(pinned, dict) or found is None or pinned is None:
        yield f"{where}: measured {found}, pinned {pinned}"
    elif found < pinned - _EPSILON:
        yield f"{where}: {found:.5f} is below its floor, {pinned}"


def raise_floors(figures, key):
    """Pin the figures under a key of the file, each where it is higher than its floor or has none."""
    tree = floor() if FILE.exists() else {}
    tree[key] = _raised(figures, tree.get(key))
    FILE.write_text(json.dumps(tree, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _raised(found, pinned):
    if isinstance(found, dict):
        return {key: _raised(value, (pinned or {}).get(key)) for key, value in found.items()}
    return max(whole((found + _EPSILON) * PLACES) / PLACES, pinned or 0)
