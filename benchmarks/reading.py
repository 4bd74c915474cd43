"""What reading costs beside the bare parser: megabytes and records a CPU-second, a format a row.

    pip install '.[warc,parquet]'
    python benchmarks/reading.py [--articles N]

The files are invented: N articles of some 3,000 characters each, in each format, in a temporary folder. The bare parser is
what reads the format here (csv, json by msgspec, lxml, pyarrow, fastwarc, email), given the same file, with each text
asked for and nothing made of it. `factor` is our CPU over its CPU; the seconds are the machine's.
"""

from __future__ import annotations

import argparse
import csv
import email
import email.policy
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cleaner import records
from cleaner.records import Fields, Source

SENTENCE = "The ferry to Lower Hallow will not sail before Friday, the harbour office said, and nobody knows about Sunday. "


def texts(count: int) -> Iterator[str]:
    for number in range(count):
        yield "\n\n".join(f"{number}.{part} {SENTENCE * 5}" for part in range(5))


def capture(text: str) -> bytes:
    data = text.encode()
    head = f"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data + b"\r\n\r\n"


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
    found["warc"].write_bytes(b"".join(capture(row["text"]) for row in rows))
    items = "".join(f"<item><guid>{row['id']}</guid><description>{row['text']}</description></item>" for row in rows)
    found["rss"].write_text(f"<rss><channel>{items}</channel></rss>")
    found["mbox"].write_text(
        "".join(f"From a\nSubject: {row['id']}\nFrom: a@b.example\n\n{row['text']}\n\n" for row in rows)
    )
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
    from fastwarc.warc import ArchiveIterator

    with open(path, "rb") as file:
        return sum(bool(record.reader.read().decode()) for record in ArchiveIterator(file))


def bare_rss(path: Path) -> int:
    from lxml import etree

    count = 0
    for _, item in etree.iterparse(str(path), tag="item"):
        count += bool(item.findtext("description"))
        item.clear()
    return count


def bare_mbox(path: Path) -> int:
    mails = path.read_bytes().split(b"\n\nFrom a\n")
    return sum(bool(email.message_from_bytes(mail, policy=email.policy.default).get_payload(decode=True)) for mail in mails)


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
    parser.add_argument("--articles", type=int, default=3000)
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
