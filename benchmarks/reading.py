"""What reading costs beside the bare parser: megabytes and records a CPU-second, a format a row.

    pip install '.[warc,parquet]'
    python benchmarks/reading.py [--articles N]

The files are invented: N articles of some 3,000 characters each, in each format, in a temporary folder; curly quotes stand
in them, as in most news. The captures, a tenth as many, are pages of 40 KB, which is little for news. The bare parser is
what reads the format here (csv, json by msgspec, lxml, pyarrow, fastwarc, email), given the same file. What no user of it
can do without is asked of it, and no more: the text as a string; of a capture the type of each response, its address and
date; of a mail its subject, sender and date. Nothing is made of it. `factor` is our CPU over its CPU; the seconds are the
machine's.
"""

from __future__ import annotations

import argparse
import csv
import email
import email.policy
import io
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from cleaner import records
from cleaner.records import Fields, Source

PROSE = """The ferry to Lower Hallow will not sail before Friday, the harbour office said, and nobody knows about Sunday.
Engineers had found cracks below the waterline last week when divers looked at both rudders; a yard in Wessel has sent for
new plates. Until then buses go round by the bridge at Oster, which takes most people an hour longer than their captain."""
WORDS = PROSE.split()
LINKS = "".join(f'<li class="menu-item item-{n}"><a href="https://a.example/{n}/">Part {n}</a></li>' for n in range(270))


def texts(count: int) -> Iterator[str]:
    chance = random.Random(1)
    for _ in range(count):
        yield "\n\n".join(f"“{words[0]}”, {' '.join(words)}" for words in (chance.choices(WORDS, k=110) for _ in range(5)))


def capture(number: str, text: str) -> bytes:
    """A response, with its request and the fields that archives write."""
    page = f"<html><head><title>{number}</title></head><body>{LINKS}<p>{text}</p>{LINKS}</body></html>".encode()
    answer = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    return _record("request", number, b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n") + _record("response", number, answer)


def _record(kind: str, number: str, data: bytes) -> bytes:
    head = {
        "WARC-Type": kind,
        "WARC-Date": "2026-03-03T06:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:0>12}>",
        "WARC-Target-URI": f"https://a.example/{number}",
        "Content-Type": f"application/http; msgtype={kind}",
        "Content-Length": str(len(data)),
    }
    return (
        ("WARC/1.0\r\n" + "".join(f"{key}: {value}\r\n" for key, value in head.items()) + "\r\n").encode()
        + data
        + b"\r\n\r\n"
    )


def mail(number: str, text: str) -> bytes:
    """A mail of a mailbox."""
    head = {
        "Message-ID": f"<{number}@b.example>",
        "Date": "Tue, 03 Mar 2026 06:00:00 +0000",
        "From": "Ada Moor <ada@b.example>",
        "Subject": f"Number {number}",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return f"From a\n{''.join(f'{key}: {value}{chr(10)}' for key, value in head.items())}\n{text}\n\n".encode()


def write(folder: Path, count: int) -> dict[str, Path]:
    """The same articles in every format."""
    import pyarrow
    import pyarrow.parquet

    found = {name: folder / f"a.{name}" for name in ("jsonl", "csv", "parquet", "warc", "rss", "mbox")}
    rows = [{"id": str(number), "date": "2026-03-03", "text": text} for number, text in enumerate(texts(count))]
    found["jsonl"].write_text("".join(json.dumps(row) + "\n" for row in rows))
    with open(found["csv"], "w", newline="") as out:
        writer = csv.DictWriter(out, ["id", "date", "text"])
        writer.writeheader()
        writer.writerows(rows)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), found["parquet"], row_group_size=1000)
    found["warc"].write_bytes(b"".join(capture(row["id"], row["text"]) for row in rows[::10]))
    items = "".join(f"<item><guid>{row['id']}</guid><description>{row['text']}</description></item>" for row in rows)
    found["rss"].write_text(f"<rss><channel>{items}</channel></rss>")
    found["mbox"].write_bytes(b"".join(mail(row["id"], row["text"]) for row in rows))
    return found


def bare_jsonl(path: Path) -> int:
    import msgspec

    with open(path, "rb") as file:
        return sum(bool(msgspec.json.decode(line)["text"]) for line in file)


def bare_csv(path: Path) -> int:
    with open(path, encoding="utf-8", newline="") as file:
        return sum(bool(row["text"]) for row in csv.DictReader(file))


def bare_parquet(path: Path) -> int:
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    return sum(bool(row["text"]) for batch in file.iter_batches(256, use_threads=False) for row in batch.to_pylist())


def bare_warc(path: Path) -> int:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    count = 0
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response, auto_decode="all"):
            if record.http_content_type == "text/html":
                told = (
                    record.headers["WARC-Target-URI"],
                    record.record_date,
                    record.reader.read().decode(record.http_charset),
                )
                count += all(told)
    return count


def bare_rss(path: Path) -> int:
    from lxml import etree

    count = 0
    for _, item in etree.iterparse(str(path), tag="item"):
        count += bool(item.findtext("description"))
        item.clear()
    return count


def bare_mbox(path: Path) -> int:
    count = 0
    for data in path.read_bytes().split(b"\n\nFrom a\n"):
        mail = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        told = mail["Subject"], mail["From"], mail["Date"], mail.get_content()
        count += all(told)
    return count


BARE: dict[str, Callable[[Path], int]] = {
    "jsonl": bare_jsonl,
    "csv": bare_csv,
    "parquet": bare_parquet,
    "warc": bare_warc,
    "rss": bare_rss,
    "mbox": bare_mbox,
}


def ours(path: Path) -> int:
    format = {"rss": "feed", "mbox": "mail"}.get(path.suffix[1:], path.suffix[1:])
    return sum(1 for _ in records.read(Source(path.name, path.name, path, format), Fields()))


def seconds(work: Callable[[Path], int], path: Path) -> tuple[float, int]:
    """The least CPU of three turns, and how many records there were."""
    best, count = float("inf"), 0
    for _ in range(3):
        start = time.process_time()
        count = work(path)
        best = min(best, time.process_time() - start)
    return best, count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    out = io.StringIO()
    print("| format | MB/s | records/s | bare MB/s | factor |\n| --- | ---: | ---: | ---: | ---: |", file=out)
    with tempfile.TemporaryDirectory() as folder:
        for name, path in write(Path(folder), parser.parse_args().articles).items():
            (mine, count), (bare, same) = seconds(ours, path), seconds(BARE[name], path)
            assert count == same, f"{name}: {count} records, where the bare parser finds {same}"
            size = path.stat().st_size / 1e6
            print(f"| {name} | {size / mine:.0f} | {count / mine:,.0f} | {size / bare:.0f} | {mine / bare:.2f} |", file=out)
    print(out.getvalue(), end="")


if __name__ == "__main__":
    main()
