"""What makes the package's data can be run again: on a few invented pages."""

import gzip
import json
import lzma
import subprocess
import sys
from pathlib import Path

from samples import TOO_LONG

ROOT = Path(__file__).parent.parent
LEARN = """
import json, sys
from pathlib import Path
from scripts import train
from cleaner.clean.model.log_odds import BEGINNINGS, LINES, PAIRS, WORDS
from cleaner.clean.model.tokens import TokenBatch
samples = list(train.samples(sys.argv[1:], {"left-out.example"}))
table = train.counted(samples, None)
lines, plain = train.look(samples, table)
batch = TokenBatch(["Subscribe now"], [1], train.CHARS)
print(json.dumps({
    "kinds": sorted(sample.kind for sample in samples),
    "names": lines.names,
    "rows": lines.matrix.shape,
    "gone": int((lines.shares == 0).sum()),
    "known": [float(of.matrix[:, of.names.index("wording.known")].max()) for of in (lines, plain)],
    "words": table.of(batch.hashes, WORDS).tolist(),
    "pair": table.of(batch.pairs()[0], PAIRS).tolist()[1],
    "line": table.of(batch.line_hashes(), LINES).tolist(),
    "opening": table.of(batch.edges()["first"], BEGINNINGS).tolist(),
}))
"""


def run(*args):
    done = subprocess.run(
        [sys.executable, *map(str, args)], cwd=ROOT, capture_output=True, text=True, timeout=TOO_LONG, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_lines_are_labelled_and_described_for_training(tmp_path, prose):
    golds = [prose(seed, 2) for seed in range(7)]
    hosts = [f"site{n}.example" for n in range(6)] + ["left-out.example"]
    with gzip.open(tmp_path / "window.jsonl.gz", "wt", encoding="utf-8") as out:
        for host, gold in zip(hosts, golds, strict=True):
            row = {"id": host, "url": f"https://{host}/a", "gold": gold, "dirty": f"{gold}\nSubscribe now\n"}
            out.write(json.dumps(row) + "\n")
    found = json.loads(run("-c", LEARN, tmp_path / "window.jsonl.gz"))
    assert found["kinds"] == ["gold"] * 6 + ["window"] * 6
    assert found["rows"] == [6 * 2 + 6 * 3, len(found["names"])]
    assert found["gone"] == 6
    assert found["known"] == [1.0, 0.0]
    most = 41  # 16 times the log odds of 6.5 to 0.5
    assert [*found["words"], found["pair"], *found["line"], *found["opening"]] == [most] * 5


def test_the_trainer_says_what_it_takes():
    assert "DATA.jsonl.gz ... --without HOSTS.txt" in run("-m", "scripts.train", "--help")


def test_words_and_their_letters_are_counted(tmp_path, prose):
    with lzma.open(tmp_path / "articles.jsonl.xz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps({"text": f"Marmalade. {prose(seed)}"}) + "\n" for seed in range(20))
    run(ROOT / "scripts" / "word_table.py", tmp_path, tmp_path / "articles.jsonl.xz")
    number, first, *_ = gzip.decompress((tmp_path / "words.txt.gz").read_bytes()).decode().split("\n")
    assert (number, first.split("\t")[1]) == ("20", "20")
    shipped = gzip.decompress((ROOT / "cleaner" / "data" / "grams.bin.gz").read_bytes())
    made = gzip.decompress((tmp_path / "grams.bin.gz").read_bytes())
    assert len(made) == len(shipped)
    assert len(set(made)) > 1


def test_the_man_page_is_that_of_the_commands(monkeypatch):
    monkeypatch.syspath_prepend(ROOT)
    from scripts import man_page

    page = man_page.PAGE.read_text(encoding="utf-8")
    assert page == man_page.page(), "python scripts/man_page.py writes it anew"
    assert '\n.SS "cleaner index show INDEX STORY"\n' in page
    assert "\\fB\\-\\-lang\\fR \\fITAG\\fR" in page
