"""Stories of real news against labels of what they tell: how many are right.

    python benchmarks/story_labels.py score GROUPS.jsonl [--labels benchmarks/labels/story_groups.jsonl] [--wrong]
    python benchmarks/story_labels.py draw GROUPS.jsonl ARTICLES.jsonl.xz [--stories 200] [--seed 16] [--most 12]

GROUPS is what `cleaner group --json` printed of the articles that the labels are of (benchmarks/labels/README.md).

score: of the stories with two labelled articles or more, how many are right (all labelled ones tell one event), loose (one
of them is a stretch) or wrong; of the pairs of labelled articles in one story, how many tell one event; and of those that
tell one, how many are in one story. Pairs with a stretch are left aside. For all labels, and for the halves; --wrong names
the stories that are not right.

draw: stories of two independent tellings or more, at random, for a reader: each with its articles, copies once, at most
`--most` of them.
"""

import argparse
import collections
import hashlib
import json
import lzma
import random
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

LABELS = Path(__file__).parent / "labels" / "story_groups.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    scoring = commands.add_parser("score")
    scoring.add_argument("groups")
    scoring.add_argument("--labels", default=LABELS)
    scoring.add_argument("--wrong", action="store_true")
    drawing = commands.add_parser("draw")
    drawing.add_argument("groups")
    drawing.add_argument("articles")
    drawing.add_argument("--stories", type=int, default=200)
    drawing.add_argument("--seed", type=int, default=16)
    drawing.add_argument("--most", type=int, default=12)
    args = parser.parse_args()
    groups = read(args.groups)
    if args.command == "draw":
        draw(groups, args.articles, args.stories, args.seed, args.most)
    else:
        score({row["id"]: row["story"] for row in groups}, read(args.labels), args.wrong)


def read(path: str | Path) -> list[dict]:
    with lzma.open(path, "rt") if str(path).endswith(".xz") else open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def part_of(story: str) -> str:
    """Which half of the labels a story is in: for work, or for the figure alone."""
    return "work" if hashlib.sha256(story.encode()).digest()[0] % 2 else "figure"


def score(story_of: dict[str, str], labels: Sequence[dict], wrong: bool) -> None:
    event, half, stretch = {}, {}, set()
    for row in labels:
        event.update(row["events"])
        half.update(dict.fromkeys(row["events"], row["part"]))
        stretch.update(row.get("stretch", []))
    if missing := event.keys() - story_of.keys():
        raise SystemExit(f"{len(missing)} labelled articles are not among the groups")
    for part in ("all", "work", "figure"):
        stories = collections.defaultdict(list)
        for id in event:
            if part in ("all", half[id]):
                stories[story_of[id]].append(id)
        told = {story: ids for story, ids in stories.items() if len(ids) > 1}
        verdicts = {story: verdict(ids, event, stretch) for story, ids in told.items()}
        counts = collections.Counter(verdicts.values())
        sure = [id for ids in stories.values() for id in ids if id not in stretch]
        one_story = pairs(sure, lambda id: story_of[id])
        one_event = pairs(sure, lambda id: event[id])
        both = len(one_story & one_event)
        print(
            f"{part}: {len(told)} stories: right {counts['right'] / len(told):.3f} ({counts['right']}), "
            f"loose {counts['loose']}, wrong {counts['wrong']}; "
            f"pairs: precision {both / len(one_story):.3f} of {len(one_story)}, "
            f"recall {both / len(one_event):.3f} of {len(one_event)}"
        )
        if wrong and part == "all":
            for story, found in sorted(verdicts.items()):
                if found != "right":
                    print(f"{found} {story}: {' '.join(f'{id}={event[id]}' for id in told[story])}")


def verdict(ids: Sequence[str], event: dict[str, int], stretch: set[str]) -> str:
    if len({event[id] for id in ids}) > 1:
        return "wrong"
    return "loose" if stretch.intersection(ids) else "right"


def pairs(ids: Sequence[str], group: Callable[[str], object]) -> set[tuple[str, str]]:
    """The pairs of ids that are in one group."""
    together = collections.defaultdict(list)
    for id in sorted(ids):
        together[group(id)].append(id)
    return {pair for those in together.values() for pair in combinations(those, 2)}


def draw(groups: Sequence[dict], path: str, stories: int, seed: int, most: int) -> None:
    """Print the chosen stories, as JSON lines of what a reader looks at."""
    members = collections.defaultdict(list)
    for row in groups:
        if row["copy"] == row["id"]:
            members[row["story"]].append(row["id"])
    pick = random.Random(seed)
    told = sorted(story for story, ids in members.items() if len(ids) > 1)
    chosen = {}
    for story in pick.sample(told, stories):
        ids = sorted(members[story])
        chosen[story] = pick.sample(ids, most) if len(ids) > most else ids
    articles = {row["id"]: row for row in read(path)}
    for story, ids in chosen.items():
        looked_at = [articles[id] for id in ids]
        tellings = [{k: row[k][:400] for k in ("id", "date", "source", "title", "text")} for row in looked_at]
        print(json.dumps({"story": story, "part": part_of(story), "of": len(members[story]), "tellings": tellings}))


if __name__ == "__main__":
    main()
