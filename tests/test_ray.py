"""The engine on a Ray cluster: a head and a second node, each with processes of its own, on this machine.

With Ray (`article-cleaner[ray]`) alone; without it only what is said then.
"""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from samples import TOO_LONG
from test_cli_run import contents

from cleaner.engine import on_ray

HERE = Path(__file__).parent
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: article-cleaner[ray]")

# Told to by its standard input, kills the second node as a power failure would, and ends.
CLUSTER = """
import os, signal, sys
from ray.cluster_utils import Cluster
node = {"num_cpus": 1, "object_store_memory": 150 << 20, "include_dashboard": False}
cluster = Cluster(initialize_head=True, head_node_args=node)
second = cluster.add_node(**node)
cluster.wait_for_nodes()
print(cluster.address, flush=True)
for line in sys.stdin:
    os.kill(second.all_processes["raylet"][0].process.pid, signal.SIGKILL)
    cluster.remove_node(second, allow_graceful=False)
    print("killed", flush=True)
cluster.shutdown()
"""

ENGINE = """
from functools import partial
import test_engine as t
from cleaner.engine.on_ray import Ray
from cleaner.model import Failure

def tried(work, timeout=None, size=4):
    found = list(Ray("", 2, timeout).map(work, t.in_batches(range(20), size)))
    failed = {n: result.reason for n, result in enumerate(found) if isinstance(result, Failure)}
    assert [result for n, result in enumerate(found) if n not in failed] == [2 * n for n in range(20) if n not in failed]
    return failed

assert tried(t.double) == tried(t.double, size=100) == tried(t.double, size=1) == {}
assert tried(t.refuse_seven) == {7: "ValueError: not seven"}
assert tried(t.die_of_sevens) == {7: "the worker process died", 17: "the worker process died"}
assert tried(t.hang_at_seven, 0.5) == {7: "took longer than 0.5 s"}
taken = []
results = Ray("", 2).map(t.double, ([taken.append(n) or n] for n in range(1000)))
assert next(results) == 0
assert len(taken) < 50
results.close()
for parts in (1, 3):
    shuffled = Ray("", 2).shuffle(t.in_batches(range(40), 6), parts, partial(t.by_remainder, parts), t.in_one)
    assert list(shuffled) == [[n for n in range(40) if n % parts == part] for part in range(parts)]
print("all is well")
"""


@pytest.fixture
def here(plain_environment):
    """The environment of a cluster: workers find these modules, and have the priority of whoever starts them."""
    return {**plain_environment, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path]), "RAY_worker_niceness": "0"}


@pytest.fixture
def cluster(here):
    """Two nodes: their address, and how to kill the second."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    env = {**here, "RAY_USAGE_STATS_ENABLED": "0"}
    with subprocess.Popen([sys.executable, "-c", CLUSTER], env=env, stderr=subprocess.DEVNULL, **pipes) as keeper:

        def kill():
            keeper.stdin.write("kill\n")
            keeper.stdin.flush()
            assert keeper.stdout.readline() == "killed\n"

        yield keeper.stdout.readline().strip(), kill
        keeper.stdin.close()


@pytest.fixture
def corpus(tree, prose):
    """Texts, a page and records, in some thirty batches."""
    texts = {f"texts/{n:03}.txt": f"{prose(n % 90, 40)}\nAdvertisement\n\n{prose(n, 1)}" for n in range(150)}
    page = f"<html><body><article>{''.join(f'<p>{line}</p>' for line in prose(900).split())}</article></body></html>"
    lines = "".join(json.dumps({"text": prose(200 + n, 40), "n": n}) + "\n" for n in range(70))
    return tree({**texts, "a.html": page, "empty.txt": "", "records.jsonl": lines + "{"})


def results(where, out):
    return {name: data for name, data in contents(where / out).items() if not name.startswith(".state/")}


@needs_ray
@pytest.mark.slow
def test_the_two_operations(here):
    done = subprocess.run(
        [sys.executable, "-c", ENGINE], env=here, capture_output=True, text=True, timeout=TOO_LONG, check=False
    )
    # Ray says itself what it does again: the work that is broken off may take a worker with it that just got the next.
    assert done.stdout.splitlines()[-1:] == ["all is well"], done.stderr


@needs_ray
@pytest.mark.slow
def test_a_node_and_the_command_killed_in_the_middle(cluster, corpus, here):
    address, kill_node = cluster
    options = {"cwd": corpus, "env": here, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}

    def start(out, *args):
        return subprocess.Popen([sys.executable, "-m", "cleaner", "run", "in", out, *args], **options)

    def in_the_middle(child, out):
        journal = corpus / out / ".state/cleaned"
        while not journal.exists() or journal.stat().st_size < 200_000:
            assert child.poll() is None, child.stderr.read()
            time.sleep(0.01)

    wanted = start("wanted")
    wanted.communicate(timeout=TOO_LONG)
    assert wanted.returncode == 2  # for the last record
    on_ray = "--engine", "ray", "--address", address

    first = start("one", *on_ray)
    in_the_middle(first, "one")
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert (corpus / "one/UNFINISHED").exists()
    again = start("one", *on_ray)
    said = again.communicate(timeout=TOO_LONG)[1]
    assert "done before: " in said
    assert (again.returncode, results(corpus, "one")) == (wanted.returncode, results(corpus, "wanted"))

    second = start("two", *on_ray)
    in_the_middle(second, "two")
    kill_node()
    second.communicate(timeout=TOO_LONG)
    assert (second.returncode, results(corpus, "two")) == (wanted.returncode, results(corpus, "wanted"))


@needs_ray
@pytest.mark.slow
def test_no_cluster_at_the_address(run_cleaner, tree, prose):
    where = tree({"a.txt": prose(1)})
    ran = run_cleaner("run", "in", "out", "--engine", "ray", "--address", "127.0.0.1:1", cwd=where, cold=True)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "127.0.0.1:1: " in ran.err


def test_a_node_of_another_version_says_so():
    with pytest.raises(RuntimeError, match=r"a node has cleaner .*, and not 0\.0\.0"):
        on_ray._done(on_ray._Order("x", [], None, ".", "0.0.0"), ["an item"])


def test_without_ray_it_says_what_to_install(tree, prose, plain_environment):
    where = tree({"a.txt": prose(1)})
    code = (
        "import sys; sys.modules['ray'] = None; sys.argv[1:] = ['run', 'in', 'out', '--engine', 'ray']; "
        "from cleaner.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=where, env=plain_environment, capture_output=True, check=False)
    said = "cleaner: --engine ray needs Ray: pip install 'article-cleaner[ray]'\n"
    assert (done.returncode, done.stderr.decode()) == (2, said)
    assert not (where / "out").exists()


def test_an_address_is_that_of_a_cluster(run_cleaner, tree, prose):
    ran = run_cleaner("run", "in", "out", "--address", "10.0.0.1:6379", cwd=tree({"a.txt": prose(1)}))
    assert (ran.code, ran.err) == (2, "cleaner: --address goes with --engine ray\n")
