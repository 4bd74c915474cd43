"""Rerun the comparison of cleaners on pages of your own: what each keeps, what it harms, what it costs.

    pip install .            # brings trafilatura, and that brings jusText
    python benchmarks/clean.py FOLDER_OR_FILE ... [--sites FILE] [--limit N]

A file (.jsonl, .gz or .xz too) has a page a line: {"id", "url", "dirty", "gold"} where the text has been extracted already,
{"id", "url", "html", "gold"} where it has not. `--sites` takes only the pages of the hosts listed (one a line, without
"www."), `--limit` the first N of each file. Printed a file is a Markdown table; each figure is the mean over pages, a page
one vote:

  P, R, F1      multiset precision, recall and F1 of 4-word shingles (words are \\w+, case counts) against the gold text;
                a page of which nothing is left has precision 0
  worse         the share of pages whose F1 fell by more than .005 below doing nothing (text only)
  keep          the recall where the gold text itself is what is cleaned; 1 is no harm done
  by source     F1 alone, where the pages name theirs, and the mean over the sources
  CPU s, MB/s   of this process, for the pages alone (not the gold texts), after a warm-up; megabytes a CPU-second

The scores are the same every time; the seconds are the machine's. The cleaners:

  nothing       the text as it is; of HTML, all of the text, as jusText takes the paragraphs apart
  C4            the rules on lines of Raffel et al. (2020), section 2.2, as in tensorflow_datasets/text/c4_utils.py: a line
                stays that ends in . ? ! or " (not "...", and no curly quote), has five words (three in datatrove's
                C4QualityFilter), and names neither JavaScript nor a policy. Made for English. C4 also drops whole pages,
                for "lorem ipsum", "{", fewer than three sentences or a bad word: that picks pages, would only lower the
                scores here, and is left out.
  jusText       its defaults, with the stoplist of the language that py3langid finds (its time is counted), or its mode for
                any language where there is none
  trafilatura   extract() without comments, as it comes, in recall mode and in precision mode
  cleaner       ours, by clean_many; of HTML, trafilatura is asked where its model is unsure, and the page's title, author
                and date are looked for too (in its time)

jusText and trafilatura are made for HTML. A text can only be given to them with each line as a <p> of a bare page
("lines as <p>"), without the links, classes and tags that they judge by: that row, and their `keep`, say what they do to
a text, not how well they do their own job. A page on which a cleaner raises counts as empty, and is named below the table.
"""

import argparse
import collections
import functools
import gzip
import html
import json
import lzma
import pathlib
import re
import sys
import time
from importlib import metadata
from urllib.parse import urlsplit

import cleaner
from cleaner import Article
from cleaner.extract import ExtractionError

WORD = re.compile(r"\w+")
WARM_UP = "Der Rat der Stadt hat am Montag beschlossen, dass die alte Brücke nicht abgerissen wird.\n"  # loads py3langid

C4_ENDS = (".", "?", "!", '"')
C4_CITATION = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
C4_UNWANTED = (
    "javascript",
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)


def shingles(text, n=4):
    words = WORD.findall(text)
    return collections.Counter(tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1)) if words)


def score(kept, gold):
    """Precision, recall, F1."""
    found, wanted = shingles(kept), shingles(gold)
    shared = (found & wanted).total()
    p = shared / found.total() if found else float(not wanted)
    r = shared / wanted.total() if wanted else 1.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def paragraphs(article):
    """A page as jusText's paragraphs, not yet judged; of a text, its lines."""
    from justext.core import ParagraphMaker, html_to_dom, preprocessor

    return ParagraphMaker.make_paragraphs(preprocessor(html_to_dom(page_of(article))))


def page_of(article):
    if article.html is not None:
        return article.html
    lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in article.text.split("\n") if line.strip())
    return f"<html><body>\n{lines}\n</body></html>"


def nothing(article):
    return article.text if article.html is None else "\n".join(paragraph.text for paragraph in paragraphs(article))


def c4(article):
    kept = []
    for line in nothing(article).splitlines():
        line = C4_CITATION.sub("", line.strip())
        words, lower = line.split(), line.lower()
        if not line.endswith(C4_ENDS) or line.endswith("...") or len(words) < 5 or max(map(len, words)) > 1000:
            continue
        if not any(phrase in lower for phrase in C4_UNWANTED):
            kept.append(line)
    return "\n".join(kept)


@functools.cache
def stoplist(language):
    from justext import get_stoplist
    from trafilatura.settings import JUSTEXT_LANGUAGES

    return get_stoplist(JUSTEXT_LANGUAGES[language]) if language in JUSTEXT_LANGUAGES else frozenset()


def justext(article):
    from justext.core import classify_paragraphs, revise_paragraph_classification
    from py3langid import classify

    found = paragraphs(article)
    words = stoplist(str(classify(" ".join(paragraph.text for paragraph in found)[:2000])[0]))
    language_independent = {} if words else {"stopwords_low": 0, "stopwords_high": 0}
    classify_paragraphs(found, words, **language_independent)
    revise_paragraph_classification(found)
    return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)


def trafilatura(article, **mode):
    from trafilatura import extract

    return extract(page_of(article), include_comments=False, **mode) or ""


def each(clean):
    """A peer's function of one article as a generator over many; None where it raised."""

    def many(articles):
        for article in articles:
            try:
                yield clean(article)
            except Exception:  # whatever a peer trips over
                yield None

    return many


def ours(articles):
    done = 0
    while done < len(articles):
        try:
            for result in cleaner.clean_many(articles[done:]):
                done += 1
                yield result.text
        except ExtractionError:
            done += 1
            yield None


CLEANERS = {
    "nothing": each(nothing),
    "C4's line rules": each(c4),
    "jusText": each(justext),
    "trafilatura": each(trafilatura),
    "trafilatura, recall": each(functools.partial(trafilatura, favor_recall=True)),
    "trafilatura, precision": each(functools.partial(trafilatura, favor_precision=True)),
    "cleaner": ours,
}


def rows_of(path, sites, limit):
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    rows = []
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if len(rows) == limit:
                break
            row = json.loads(line)
            if "gold" not in row or ("html" not in row and "dirty" not in row):
                sys.exit(f'{path}: a page needs "gold", and "dirty" or "html"')
            if sites is None or (urlsplit(row.get("url") or "").hostname or "").removeprefix("www.") in sites:
                rows.append(row)
    return rows


def compare(path, rows):
    """Print the table of one file."""
    from trafilatura.meta import reset_caches

    is_html = "html" in rows[0]
    field, kind = ("html", "html") if is_html else ("dirty", "text")
    pages = [Article(url=row.get("url"), **{kind: row[field]}) for row in rows]
    golds = [Article(url=row.get("url"), text=row["gold"]) for row in rows]
    size = sum(len(row[field].encode(errors="replace")) for row in rows) / 1e6
    print(f"\n### {path.name}: {len(rows)} pages of {'HTML' if is_html else 'text'}, {size:.1f} MB\n")
    print("| cleaner | P | R | F1 | worse | keep | CPU s | MB/s |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    before, notes, by_source = [], [], {}
    for name, clean in CLEANERS.items():
        list(clean([Article(**{kind: f"<p>{WARM_UP}</p>" if is_html else WARM_UP})]))
        reset_caches()  # else a second run of trafilatura profits from the first
        begin = time.process_time()
        kept = list(clean(pages))
        seconds = time.process_time() - begin
        kept_gold = list(clean(golds))
        scores = [score(text or "", row["gold"]) for text, row in zip(kept, rows, strict=True)]
        before = before or [f1 for _, _, f1 in scores]  # nothing comes first
        keep = [score(text or "", row["gold"])[1] for text, row in zip(kept_gold, rows, strict=True)]
        by_source[name] = means(rows, [f1 for _, _, f1 in scores])
        p, r, f1 = (sum(column) / len(rows) for column in zip(*scores, strict=True))
        worse = sum(after < then - 0.005 for (_, _, after), then in zip(scores, before, strict=True)) / len(rows)
        speed = f"{size / seconds:.2f}" if seconds >= 0.01 else "-"
        label = f"{name}, lines as <p>" if not is_html and name.startswith(("jusText", "trafilatura")) else name
        share = "-" if is_html else f"{worse:.3f}"
        print(
            f"| {label} | {p:.4f} | {r:.4f} | {f1:.4f} | {share} | {sum(keep) / len(rows):.4f} | {seconds:.2f} | {speed} |"
        )
        failed = [str(row.get("id")) for text, row in zip(kept, rows, strict=True) if text is None]
        if failed or None in kept_gold:
            named = f" ({', '.join(failed[:5])})" if failed else ""
            notes.append(f"{name} raised on {len(failed)} pages{named} and {kept_gold.count(None)} gold texts.")
    for note in notes:
        print(f"\n{note}")
    if len(by_source["cleaner"]) > 2:
        print(f"\n| source | pages | {' | '.join(by_source)} |\n| --- | --- |{' --- |' * len(by_source)}")
        for source, (pages_of, _) in by_source["cleaner"].items():
            print(f"| {source} | {pages_of} | {' | '.join(f'{of[source][1]:.4f}' for of in by_source.values())} |")


def means(rows, scores):
    """By the source of a page, how many pages there are and their mean; and for all together the mean over sources."""
    found = collections.defaultdict(list)
    for row, value in zip(rows, scores, strict=True):
        found[row.get("source", "")].append(value)
    of = {source: (len(values), sum(values) / len(values)) for source, values in sorted(found.items())}
    return {**of, "mean over sources": (len(rows), sum(mean for _, mean in of.values()) / len(of))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=pathlib.Path)
    parser.add_argument("--sites", type=pathlib.Path, help="a file of hosts: only their pages")
    parser.add_argument("--limit", type=int, help="only the first N pages of each file")
    args = parser.parse_args()
    sites = set(args.sites.read_text(encoding="utf-8").split()) if args.sites else None
    names = {"article-cleaner": "cleaner", "trafilatura": "trafilatura", "jusText": "jusText", "py3langid": "py3langid"}
    print(", ".join(f"{name} {metadata.version(package)}" for package, name in names.items()))
    for data in args.data:
        for path in sorted(data.glob("*.jsonl*")) if data.is_dir() else [data]:
            rows = rows_of(path, sites, args.limit)
            if rows:
                compare(path, rows)
            else:
                print(f"{path}: no pages", file=sys.stderr)


if __name__ == "__main__":
    main()
