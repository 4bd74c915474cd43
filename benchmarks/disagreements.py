"""Of the disagreements that are shown how many are, and of the figures that differ how many are shown: by labels.

    python benchmarks/disagreements.py ../shared/data [--part figure|work] [--names]

The labels name candidates in public collections by the ids of two articles and the places of two claims in their texts. They
were made by reading, before the code was tuned; one half, by pairs of articles, was kept for the figure. A disagreement is
right where its label is "differ". What is shown and has no label is printed with --names, to be read.
"""

import argparse
import gzip
import json
import lzma
from collections import Counter
from importlib import import_module
from pathlib import Path

from cleaner import Article

LABELS = Path(__file__).parent / "labels/disagreements.jsonl"
FILES = {
    "news": "news/articles.jsonl.xz",
    "ecb": "events/ecbplus.jsonl.gz",
    "wcl": "events/newswcl50.jsonl.gz",
    "vi": "events/vietnamese_mds.jsonl.xz",
    "pt": "events/cstnews_pt.jsonl.xz",
}
OPEN = {".gz": gzip.open, ".xz": lzma.open}


def articles(path: Path) -> dict[str, Article]:
    """The articles of a collection by their ids."""
    with OPEN[path.suffix](path, "rt", encoding="utf-8") as file:
        rows = map(json.loads, file)
        return {row["id"]: Article(id=row["id"], text=row["text"], date=row.get("date")) for row in rows}


def spans(text: str, sentence: str, claim: str) -> range:
    """Where a claim of a sentence stands in a text."""
    start = max(0, text.find(sentence)) + max(0, sentence.find(claim))
    return range(start, start + len(claim))


def meets(span: range, label: list[int]) -> bool:
    return span.start < label[1] and label[0] < span.stop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--part", choices=["figure", "work"], default="figure")
    parser.add_argument(
        "--names", action="store_true", help="print what is shown and is wrong or has no label, or is missed"
    )
    options = parser.parse_args()
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    labels = [label for label in labels if label["part"] == options.part]
    known = {
        name: articles(options.data / path) for name, path in FILES.items() if any(one["set"] == name for one in labels)
    }
    pairs: dict[tuple[str, str, str], list[dict]] = {}
    for label in labels:
        pairs.setdefault((label["set"], label["first"], label["second"]), []).append(label)
    story = import_module("cleaner.diff").story
    shown, unlabelled, found = Counter(), 0, 0
    for (name, first, second), some in pairs.items():
        a, b = known[name][first], known[name][second]
        hit = set()
        for odd in story([a, b]).comparison(1).disagreements:
            places = (spans(a.text, odd.first_sentence, odd.first), spans(b.text, odd.second_sentence, odd.second))
            match = next(
                (
                    n
                    for n, one in enumerate(some)
                    if meets(places[0], one["first_span"]) and meets(places[1], one["second_span"])
                ),
                None,
            )
            label = some[match]["label"] if match is not None else "unlabelled"
            shown[label] += 1
            hit.add(match)
            if options.names and label != "differ":
                print(f"{label}: {odd.first} | {odd.second}\n  {odd.first_sentence[:300]}\n  {odd.second_sentence[:300]}")
        unlabelled = shown["unlabelled"]
        found += sum(one["label"] == "differ" and n in hit for n, one in enumerate(some))
        if options.names:
            for n, one in enumerate(some):
                if one["label"] == "differ" and n not in hit:
                    x, y = one["first_span"], one["second_span"]
                    print(f"missed: {a.text[max(0, x[0] - 60) : x[1] + 60]!r} | {b.text[max(0, y[0] - 60) : y[1] + 60]!r}")
    true = sum(one["label"] == "differ" for one in labels)
    labelled = shown.total() - unlabelled
    print(
        f"{options.part}: {len(labels)} labels of {len(pairs)} pairs; {labelled} shown with a label, {shown['differ']} of "
        f"them are: precision {shown['differ'] / max(1, labelled):.2f}; {found} of {true} that differ are shown: "
        f"recall {found / true:.2f}; {unlabelled} shown without a label"
    )


if __name__ == "__main__":
    main()
