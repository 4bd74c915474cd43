"""An index on a Redis server, a real one that these tests start: what it says, keeps, waits for, refuses, and survives."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from importlib.util import find_spec

import pytest
from samples import tellings

from cleaner import Article, Index
from cleaner.model import IndexFault

if find_spec("redis") is None:
    pytest.skip("redis is not installed: article-cleaner[redis]", allow_module_level=True)

import redis

from cleaner.index import contents, server

SERVER = shutil.which("redis-server")
FIRST, SECOND = tellings(1, 24)
OTHER, _ = tellings(2, 0)


def line(name, text, day="2024-03-01", **more):
    return json.dumps({"id": name, "text": text, "date": day, **more}) + "\n"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A server of these tests' own, with a password: its port."""
    if not SERVER:
        if os.environ.get("CI"):
            pytest.fail("redis-server is not installed, and here it must be")
        pytest.skip("redis-server is not installed")
    port = free_port()
    options = f"--port {port} --bind 127.0.0.1 --requirepass hush --appendonly no --dir {tmp_path_factory.mktemp('redis')}"
    process = subprocess.Popen([SERVER, *options.split(), "--save", ""], stdout=subprocess.DEVNULL)
    with closing(redis.Redis(port=port, password="hush")) as asked:
        for _ in range(200):
            try:
                asked.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.05)
    yield port
    process.terminate()
    process.wait()


@pytest.fixture
def keys(started):
    """The server's keys, of which there are none at first."""
    with closing(redis.Redis(port=started, password="hush")) as found:
        found.flushall()
        yield found


@pytest.fixture
def address(keys, started):
    return f"redis://:hush@127.0.0.1:{started}/0/news"


@pytest.fixture
def shown(started):
    """What the index is called in messages."""
    return f"redis://127.0.0.1:{started}/0/news"


@pytest.fixture
def index(run_cleaner, address, tmp_path):
    """Run `cleaner index COMMAND` on the index; the records go in by standard input."""

    def run(command, *args, given=None, code=0, where=address):
        ran = run_cleaner("index", command, where, *args, input=given, cwd=tmp_path)
        assert ran.code == code, ran.err
        assert "hush" not in ran.err
        return ran

    return run


def content(keys):
    return {name: keys.dump(name) for name in keys.keys()}  # noqa: SIM118


def test_it_says_and_keeps_what_a_file_does(index, prose):
    """Copies, tellings, versions, merged and forgotten stories, with the same ids."""
    one, other = tellings(3, 4)
    mixed = [f"{a} {b}" for a, b in zip(one.split(". "), other.split(". "), strict=True)]
    days = [
        line("a", FIRST, title="Old bridge", site="one.example") + line("z", OTHER, "2024-02-01") + line(7, one),
        line("c", FIRST + " One more word.")
        + line("t", SECOND, "2024-03-02")
        + line("8", other)
        + line("z", OTHER, "2024-02-01"),
        line("m", ". ".join(mixed))
        + line("n", ". ".join(mixed[::-1]) + " Yes.")
        + line("z", OTHER + " A last word.", "2024-02-01"),
        "".join(line(f"p{i}", prose(i), "2024-03-09") for i in range(40)),
    ]
    said = []
    for where in ("i.index", None):
        more = {"where": where} if where else {}
        said.append([index("add", "--json", given=day, **more).out for day in days])
        said[-1].append(index("query", "--json", given=days[1], **more).out)
        said[-1].append(index("forget", "--before", "2024-02-09", **more).out)
        for command in (("stories", "--grew"), ("stories", "--since", "2024-03-02"), ("stories",), ("show", "t")):
            said[-1].append(index(*command, "--json", **more).out)
        assert index("check", **more).text.startswith("whole: 47 articles, ")
    assert said[0] == said[1]
    assert any(row["was"] for row in map(json.loads, said[0][-2].splitlines()))


def test_in_one_process_each_sees_what_others_added_and_reads_one_state(address):
    with Index(address) as one, Index(address) as other:
        one.add([Article(text=FIRST, id="a")], clean=False)
        with other._file.reading():
            assert contents.ids(other._file) == ["a"]
            one.add([Article(text=OTHER, id="z")], clean=False)
            assert contents.ids(other._file) == ["a"]
        assert [found.story for found in other.add([Article(text=SECOND, id="b")], clean=False)] == ["a"]
        assert [story.members for story in one.stories()] == [("a", "b"), ("z",)]
        assert one.forget("2999-01-01") == 3
        assert other.stories() == ()
        assert not contents.faults(other._file)


def test_only_changed_pages_are_sent(address, keys):
    articles = [Article(text=text, id=f"{seed}{i}") for seed in range(60) for i, text in enumerate(tellings(seed, 24))]
    with Index(address) as one:
        one.add(articles, clean=False)
        before = content(keys)
        one.add([Article(text=articles[0].text, id="00")], clean=False)
        changed = {name for name, data in content(keys).items() if data != before.get(name)}
    assert len([name for name in changed if name.startswith(b"news:page:")]) < len(before) / 2


def test_what_was_made_anew_meanwhile_is_read_anew(address, keys):
    with Index(address) as one:
        one.add([Article(text=FIRST, id="a")], clean=False)
        keys.flushall()
        with pytest.raises(IndexFault, match="there is no such index any more"):
            one.stories()
        with Index(address) as other:
            other.add([Article(text=OTHER, id="z")], clean=False)
        assert [story.members for story in one.stories()] == [("z",)]
        keys.hset("news", "version", 1)  # by a clock that is behind
        keys.zadd("news:changed", dict.fromkeys(keys.zrange("news:changed", 0, -1), 1))
        assert [story.members for story in one.stories()] == [("z",)]


def test_a_second_writer_says_that_it_waits_and_then_writes(index, keys, shown):
    index("add", given=line("a", FIRST))
    keys.set("news:lock", "of another", px=1500)
    assert index("query", "--json", given=line("a", FIRST)).records[0]["news"] == "copy"  # readers do not wait
    assert keys.exists("news:lock")
    ran = index("add", "--json", given=line("b", SECOND))
    assert ran.err == f"cleaner: {shown}: waiting for another writer\n"
    assert ran.records[0]["story"] == "a"
    assert not keys.exists("news:lock")


def test_of_several_that_write_at_once_each_is_heard_and_readers_see_whole_states(index, address, plain_environment):
    """The index is not there yet: they meet in making it, too."""
    command = [sys.executable, "-m", "cleaner", "index", "add", address, "--json", "-j", "1", "-"]
    writers = []
    for k in range(4):
        writers.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=plain_environment))
        with writers[-1].stdin as given:
            given.write("".join(line(f"{k}.{i}", tellings(9 * k + i, 0)[0]) for i in range(9)).encode())
    seen = []
    with Index(address) as reader:
        while any(writer.poll() is None for writer in writers):
            seen.append(len(reader.stories()))
            time.sleep(0.02)
        seen.append(len(reader.stories()))
    assert [writer.returncode for writer in writers] == [0] * 4
    assert seen == sorted(seen)
    assert set(seen) <= {0, 9, 18, 27, 36}
    assert seen[-1] == 36
    index("check")


def test_who_writes_long_keeps_others_waiting(address, keys, monkeypatch):
    monkeypatch.setattr(server, "EXPIRES", 0.3)
    with Index(address) as one, one._file.writing():
        for _ in range(8):
            time.sleep(0.1)
            assert keys.exists("news:lock")


@pytest.mark.parametrize("first", [True, False])
def test_a_writer_that_was_taken_for_gone_keeps_nothing(address, keys, first):
    with Index(address) as one:
        if not first:
            one.add([Article(text=OTHER, id="z")], clean=False)
        before = content(keys)

        def outrun():
            with one._file.writing():
                one._file.write("INSERT INTO additions VALUES (?, ?)", [(99, 1)])
                keys.set("news:lock", "of another", px=100)

        with pytest.raises(IndexFault, match="another writer came first, and nothing was kept"):
            outrun()
        keys.delete("news:lock")
        assert content(keys) == before
        assert one.add([Article(text=FIRST, id="a")], clean=False)[0].news == "new"
        assert one._file.one("SELECT count(*) FROM additions WHERE number = 99") == (0,)
        assert len(one.stories()) == 2 - first


@pytest.fixture
def killable(plain_environment, tmp_path):
    """The environment of what is killed, which leaves its copy behind."""
    return {**plain_environment, "TMPDIR": str(tmp_path)}


_KILLED = """
import itertools, json, os, signal, sys
import redis
from redis.connection import AbstractConnection
from cleaner import Article, Index
from cleaner.index import contents, server

def add(last):
    sent, send = itertools.count(1), AbstractConnection.send_packed_command
    def counted(*args, **kwargs):
        if next(sent) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return send(*args, **kwargs)
    AbstractConnection.send_packed_command = counted
    with Index(address) as index:
        index.add(articles, clean=False)

address, (first, *articles) = sys.argv[1], [Article(text=text, id=name) for name, text in json.load(sys.stdin)]
keys = redis.Redis.from_url(address.rpartition("/")[0])
server._AT_ONCE = 4
with Index(address) as index:
    index.add([first], clean=False)
begun = {name: keys.dump(name) for name in keys.keys()}
for last in range(1, 99):
    child = os.fork()
    if not child:
        add(last)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with Index(address) as index:
        members = sum(len(story.members) for story in index.stories())
        faults = contents.faults(index._file)
    left = [keys.ttl(name) for name in keys.scan_iter("news:new:*")]
    as_before = all(keys.dump(name) == data for name, data in begun.items())
    print(json.dumps({"code": code, "members": members, "faults": faults, "left": left, "as_before": as_before}))
    if not code:
        break
    keys.flushall()
    for name, data in begun.items():
        keys.restore(name, 0, data)
"""


def test_killed_at_whatever_command_an_add_has_happened_as_a_whole_or_not_at_all(address, killable):
    given = [("a", FIRST)] + [(f"{seed}{i}", text) for seed in range(10) for i, text in enumerate(tellings(seed, 24))]
    command = [sys.executable, "-c", _KILLED, address]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, env=killable, text=True, check=False)
    assert not done.stderr
    found = [json.loads(row) for row in done.stdout.splitlines()]
    assert {(row["members"], row["as_before"], row["code"]) for row in found} == {
        (1, True, -signal.SIGKILL),
        (21, False, -signal.SIGKILL),
        (21, False, 0),
    }
    assert not any(row["faults"] for row in found)
    assert any(row["left"] for row in found)
    assert all(0 < left <= 3600 for row in found for left in row["left"])  # what the killed left goes by itself
    assert len(found) > 10


def test_killed_at_random_moments_it_is_whole(index, address, keys, killable, tmp_path, prose):
    texts = [prose(i) for i in range(120)] + [text for seed in range(30) for text in tellings(seed, 24)]
    (tmp_path / "more.jsonl").write_text("".join(line(f"m{i}", text) for i, text in enumerate(texts)))
    command = [sys.executable, "-m", "cleaner", "index", "add", address, "more.jsonl", "--json", "-j", "1"]
    began = time.monotonic()
    expected = subprocess.run(command, cwd=tmp_path, env=killable, capture_output=True, check=True).stdout
    took = time.monotonic() - began
    pick = random.Random(1)
    for _ in range(5):
        keys.flushall()
        process = subprocess.Popen(command, cwd=tmp_path, env=killable, stdout=subprocess.DEVNULL)
        time.sleep(took * pick.uniform(0.5, 1.05))
        process.kill()
        process.communicate()
        keys.delete("news:lock")
        index("add", given=line("a", FIRST))
        index("check")
        assert sum(len(row["members"]) for row in index("stories", "--json").records) in (1, len(texts) + 1)
    keys.flushall()
    assert index("add", "more.jsonl", "--json").out == expected


COMMANDS = (("add",), ("query",), ("stories",), ("show", "a"), ("forget", "--before", "2999-01-01"), ("check",))


@pytest.mark.parametrize("foreign", ["a text", "a hash", "a list"])
def test_what_is_no_index_is_named_and_left_alone(index, keys, shown, foreign):
    {"a text": lambda: keys.set("news", "x"), "a hash": lambda: keys.hset("news", "a", "b")}.get(
        foreign, lambda: keys.lpush("news", "x")
    )()
    before = content(keys)
    for command, *args in COMMANDS:
        ran = index(command, *args, given=line("a", FIRST), code=2)
        assert ran.err == f"cleaner: {shown}: is no index of cleaner's, and is left alone\n"
    assert content(keys) == before


@pytest.mark.parametrize("name", ["news:page:1", "news:page:3", "news:changed", "news:lock"])
def test_keys_of_its_name_that_are_not_its_own_are_left_alone(index, keys, name):
    keys.set(name, "x")
    before = content(keys)
    assert "left alone\n" in index("add", given=line("a", FIRST), code=2).err
    assert content(keys) == before


def missing(keys):
    keys.delete("news:page:3")
    return "is damaged, and is left alone (page 3 is not there)"


def broken(keys):
    keys.setrange("news:page:3", 20, b"\0\1\2\3\4\5")
    return "is damaged, and is left alone (page 3 is broken)"


def unlisted(keys):
    keys.zrem("news:changed", 3)
    return "is damaged, and is left alone (pages are missing)"


def headless(keys):
    keys.hset("news", "version", "soon")
    return "is damaged, and is left alone (what it says of itself cannot be read)"


def newer(keys):
    keys.hset("news", "schema", 99)
    versions = f"its schema is 99, this one reads {server.SCHEMA}"
    return f"was made by a newer version of cleaner ({versions}): make it anew, or use that version"


@pytest.mark.parametrize("harm", [missing, broken, unlisted, headless, newer])
def test_what_is_damaged_or_of_another_version_is_named_and_left_alone(index, keys, shown, harm):
    index("add", given=line("a", FIRST) + line("b", OTHER))
    why = harm(keys)
    before = content(keys)
    for command, *args in COMMANDS:
        assert index(command, *args, given=line("c", SECOND), code=2).err == f"cleaner: {shown}: {why}\n"
    assert content(keys) == before


def test_a_server_that_is_not_there_or_lets_nobody_in_is_one_line(index, started):
    nowhere = f"redis://:hush@127.0.0.1:{free_port()}/0/news"
    wrong = f"redis://:hushed@127.0.0.1:{started}/0/news"
    for where, why in ((nowhere, "refused"), (wrong, "invalid username-password pair")):
        for command, *args in COMMANDS:
            ran = index(command, *args, given=line("a", FIRST), code=2, where=where)
            assert ran.err.startswith(f"cleaner: {where.replace(':hush@', '').replace(':hushed@', '')}: ")
            assert why in ran.err
            assert ran.err.count("\n") == 1


def test_a_server_that_does_not_answer_is_one_line(monkeypatch):
    monkeypatch.setattr(server, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(IndexFault, match=rf"^redis://127\.0\.0\.1:{port}/0/news: [^\n]*[Tt]imeout[^\n]*$"):
            Index(f"redis://127.0.0.1:{port}/0/news")


def test_a_full_server_keeps_nothing(index, keys, shown):
    index("add", given=line("a", FIRST))
    before = content(keys)
    keys.config_set("maxmemory", 1)
    try:
        ran = index("add", given=line("b", OTHER), code=2)
    finally:
        keys.config_set("maxmemory", 0)
    assert ran.err.startswith(f"cleaner: {shown}: ")
    assert "maxmemory" in ran.err
    assert content(keys) == before


@pytest.mark.parametrize(
    "where", ["redis://127.0.0.1", "redis://127.0.0.1/news", "redis://127.0.0.1/0", "redis://x:y/0/z", "redis://[/0/z"]
)
def test_an_address_that_is_none_is_one_line(index, where):
    for command in ("add", "check"):
        ran = index(command, given=line("a", FIRST) if command == "add" else None, code=2, where=where)
        assert ran.err.startswith("cleaner: redis://")
        assert ran.err.count("\n") == 1


def test_an_input_that_fails_makes_no_index(index, keys):
    index("add", "nowhere.jsonl", code=2)
    assert content(keys) == {}
    assert "there is no such index" in index("check", code=2).err
    assert "there is no such index" in index("query", given=line("a", FIRST), code=2).err
    index("add", given=line("wire-1", FIRST))
    assert "did you mean 'wire-1'" in index("show", "wire-11", code=2).err


def test_without_the_package_it_says_what_to_install(plain_environment):
    code = "import sys; sys.modules['redis'] = None; from cleaner.__main__ import main; main()"
    command = [sys.executable, "-c", code, "index", "check", "redis://127.0.0.1/0/news"]
    done = subprocess.run(command, capture_output=True, env=plain_environment, text=True, check=False)
    said = "cleaner: an index on a server needs redis: pip install 'article-cleaner[redis]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
