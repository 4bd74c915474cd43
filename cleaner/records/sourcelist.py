"""Many sources in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from cleaner.records.sources import Source


class SourceList:
    """Sources in order, as some 60 bytes beside its name each: what is found in a directory is made anew whenever it is
    asked for. Others (named, or streams) are kept as they are."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._names, self._ends = bytearray(), array("Q")
        self._rels = array("H")  # how many bytes at the end of the name are the path in an output tree
        self._kinds: list[tuple[str, str, int]] = []
        self._kind = array("H")  # format, compression and largest article
        self._sizes, self._changed = array("Q"), array("q")
        self._others: dict[int, Source] = {}
        known: dict[tuple[str, str, int], int] = {}
        for source in sources:
            kind = (source.format, source.compression, source.largest)
            if kind not in known:
                known[kind] = len(self._kinds)
                self._kinds.append(kind)
            name, rel = (_bytes(part) for part in (source.name, source.rel))
            small = not source.named and source.stream is None and name.endswith(rel) and len(rel) < 1 << 16
            if not small:
                self._others[len(self)] = source
                name = rel = b""
            self._names += name
            self._rels.append(len(rel))
            self._kind.append(known[kind])
            self._sizes.append(source.size)
            self._changed.append(source.changed)
            self._ends.append(len(self._names))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> Source:
        if place in self._others:
            return self._others[place]
        end = self._ends[place]
        name = bytes(self._names[self._ends[place - 1] if place else 0 : end]).decode(errors="surrogatepass")
        rel = bytes(self._names[end - self._rels[place] : end]).decode(errors="surrogatepass")
        format, compression, largest = self._kinds[self._kind[place]]
        size, changed = self._sizes[place], self._changed[place]
        return Source(name, rel, name, format, compression, False, None, size, changed, largest)

    def __iter__(self) -> Iterator[Source]:
        return map(self.__getitem__, range(len(self)))


def _bytes(name: str) -> bytes:
    return name.encode(errors="surrogatepass")
