"""The command `cleaner` without the half second that it takes to start.

A server imports the package once, loads what it loads, and is forked for every command. The child gets the streams,
arguments, directory, environment and umask of whoever asks for it, and is a process with an exit code of its own, in which
runs what `python -m cleaner` runs. What Python itself reads at its start (`PYTHON...`, the locale) stays that of the server:
whoever sets it needs a real start, and so does who closes a stream or sends a signal.

    Server(environment).run(args, ...)   as subprocess.run
    Server(environment).command(path)    writes a program that does the same, for shells
"""

import array
import atexit
import io
import os
import pickle
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from network import bar
from samples import TOO_LONG

_SIZE = struct.Struct("!I")
_CODE = struct.Struct("!i")

# What whoever runs the tests may have set for terminals, colour, hashing, completion or git.
FOREIGN = re.compile(
    "NO_COLOR|FORCE_COLOR|PY_COLORS|GITHUB_ACTIONS|COLUMNS|LINES|TERM|TERMINAL_WIDTH|TTY_.*|(CLEANER_)?PAGER|LESS|_?CLEANER_.*|"
    "PYTHON(HASHSEED|IOENCODING|WARNINGS|DEVMODE|OPTIMIZE|UNBUFFERED|PROFILEIMPORTTIME)|COMP_.*|GIT_.*"
)


def environment(extra=None):
    """The environment of a command under test: nothing of whoever runs the tests that a command obeys."""
    return {**{k: v for k, v in os.environ.items() if not FOREIGN.fullmatch(k)}, **(extra or {})}


# Asks the server for a command with this process's own streams; starts in a fiftieth of a second.
_CLIENT = """import array, os, pickle, signal, socket, struct, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
umask = os.umask(0)
os.umask(umask)
data = pickle.dumps((sys.argv[1:], os.getcwd(), dict(os.environ), umask))
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    server.sendmsg([struct.pack("!I", len(data))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
    server.sendall(data)
    server.recv(4, socket.MSG_WAITALL)
    code = struct.unpack("!i", server.recv(4, socket.MSG_WAITALL))[0]
if code < 0:
    os.kill(os.getpid(), -code)
os._exit(code)
"""


class Server:
    """The warm process, from the first command on, and how to ask it for one."""

    def __init__(self, environment):
        self._environment = environment
        self._process = None

    def start(self):
        """Start it where it does not run yet."""
        if self._process is None:
            self._folder = tempfile.mkdtemp(prefix="warm")
            self._address = os.path.join(self._folder, "s")
            if len(os.fsencode(self._address)) > 100:  # more than the name of a socket may have
                os.rmdir(self._folder)
                self._folder = tempfile.mkdtemp(prefix="warm", dir="/tmp")
                self._address = os.path.join(self._folder, "s")
            self._process = subprocess.Popen(
                [sys.executable, __file__, self._address],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**self._environment, "OPENBLAS_NUM_THREADS": "1"},  # a process with threads is not to be forked
            )
            if self._process.stdout.read(1) != b".":
                raise RuntimeError("the warm cleaner did not start")

    def stop(self):
        """End it, and wait for it: what its commands took counts as time of this process's children."""
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait()
            self._process.stdout.close()
            shutil.rmtree(self._folder)
            self._process = None

    def command(self, path):
        """Write a program that is the command, for as long as this server runs."""
        self.start()
        client = Path(self._folder, "client.py")
        client.write_text(_CLIENT.format(address=self._address))
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -IS "{client}" "$@"\n')
        path.chmod(0o755)

    def run(self, args, input=None, cwd=None, env=None, timeout=TOO_LONG):
        """Run `cleaner ARGS` with `input`, or nothing, on standard input: its exit code, output and errors."""
        self.start()
        umask = os.umask(0)
        os.umask(umask)
        data = pickle.dumps((args, os.fspath(cwd or os.getcwd()), dict(env), umask))
        stdin, feed = os.pipe() if input is not None else (os.open(os.devnull, os.O_RDONLY), None)
        (out, stdout), (err, stderr) = os.pipe(), os.pipe()
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(self._address)
            server.settimeout(timeout)
            rights = array.array("i", [stdin, stdout, stderr])
            server.sendmsg([_SIZE.pack(len(data))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
            for theirs in rights:
                os.close(theirs)
            server.sendall(data)
            (pid,) = _CODE.unpack(server.recv(_CODE.size, socket.MSG_WAITALL))
            found = {}
            threads = [threading.Thread(target=_read, args=(place, found)) for place in (out, err)]
            if feed is not None:
                threads.append(threading.Thread(target=_write, args=(feed, input)))
            for thread in threads:
                thread.start()
            try:
                (code,) = _CODE.unpack(server.recv(_CODE.size, socket.MSG_WAITALL))
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise
            finally:
                for thread in threads:
                    thread.join()
        return code, found[out], found[err]


def _read(place, found):
    with os.fdopen(place, "rb") as file:
        found[place] = file.read()


def _write(place, data):
    with suppress(BrokenPipeError), os.fdopen(place, "wb") as file:
        file.write(data)


# --- in the server ----------------------------------------------------------------------------------------------------


def _warm():
    """Import what commands import, and load what they load; everything else is theirs to do, each for itself."""
    import cleaner

    line = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."
    page = cleaner.Article(html=f"<html><body><article>{f'<p>{line}</p>' * 4}</article></body></html>")
    for text in (f"{line}\n\nAdvertisement\n", page):
        cleaner.diff(text, line)
        cleaner.fingerprint(cleaner.clean(text).text)
    cleaner.group([line * 3, page])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_text(f"{line}\n\nAdvertisement\n")
        for command in (("clean", "--html"), ("clean", "--diff"), ("group",), ("diff", "--json"), ("rules", "list")):
            for name in _imported(*command, *([] if command[0] == "rules" else [str(path)])):
                with suppress(ImportError):
                    __import__(name)
    tempfile.tempdir = None  # found out of this process's own environment


def _imported(*args):
    """The modules that a command imports, found out in a process of its own."""
    there, back = os.pipe()
    if os.fork() == 0:
        from cleaner.__main__ import main

        for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY)):
            os.dup2(os.open(os.devnull, mode), number)
        sys.argv[1:] = args
        with suppress(SystemExit):
            main()
        with open(back, "w") as file:
            file.write("\n".join(sys.modules))
        os._exit(0)
    os.close(back)
    with open(there) as file:
        names = file.read().split("\n")
    os.wait()
    return names


def _served(address):
    """Serve until standard input ends. Returns in the child of a caller, ready to be the command."""
    import gc
    import select

    ended, ends = os.pipe()  # children that end are heard of here
    os.set_blocking(ends, False)
    callers = {}
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        _warm()
        gc.collect()
        gc.freeze()
        signal.set_wakeup_fd(ends)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        os.write(1, b".")
        while True:
            ready, _, _ = select.select([0, listening, ended], [], [])
            if ended in ready:
                os.read(ended, 4096)
                _tell(callers)
            if 0 in ready:
                break
            if listening in ready:
                caller, _ = listening.accept()
                wanted, streams = _asked(caller)
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for other in (caller, *callers.values()):
                        other.close()
                    os.close(ended)
                    os.close(ends)
                    listening.close()
                    _become(*wanted, streams)
                    return
                for stream in streams:
                    os.close(stream)
                callers[pid] = caller
                with suppress(OSError):  # a caller that has gone
                    caller.sendall(_CODE.pack(pid))
    while callers:
        _tell(callers, 0)
    sys.exit()


def _tell(callers, options=os.WNOHANG):
    """Tell the callers of children that have ended how they did."""
    with suppress(ChildProcessError):
        while callers:
            pid, status = os.waitpid(-1, options)
            if not pid:
                return
            with callers.pop(pid) as caller, suppress(OSError):
                caller.sendall(_CODE.pack(os.waitstatus_to_exitcode(status)))


def _asked(caller):
    """What a caller wants (see _become), and the streams for it."""
    header, rights, _, _ = caller.recvmsg(_SIZE.size, socket.CMSG_SPACE(3 * array.array("i").itemsize))
    wanted = b""
    while len(wanted) < _SIZE.unpack(header)[0]:
        wanted += caller.recv(1 << 20)
    return pickle.loads(wanted), array.array("i", rights[0][2])


def _become(args, cwd, environment, umask, streams):
    """Be a process of the caller's."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(cwd)
    os.umask(umask)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = args
    encoding, errors = sys.stdout.encoding, sys.stdout.errors
    sys.stdin = sys.__stdin__ = _stream(0, "rb", encoding, errors)
    sys.stdout = sys.__stdout__ = _stream(1, "wb", encoding, errors)
    sys.stderr = sys.__stderr__ = _stream(2, "wb", encoding, "backslashreplace", by_line=True)


def _stream(number, mode, encoding, errors, by_line=False):
    """A standard stream, made as Python makes it at its start."""
    binary = open(number, mode, closefd=False)  # noqa: SIM115 (for as long as we live)
    return io.TextIOWrapper(binary, encoding, errors, newline="\n", line_buffering=by_line or binary.isatty())


def _end(code):
    """What Python does at its end, but for taking apart all that is in memory: half of the time that a command took."""
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError as error:
        print(f"Exception ignored in: {sys.stdout!r}\n{error!r}", file=sys.stderr)
        code = 120
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    bar()
    _served(sys.argv[1])
    from cleaner.__main__ import main

    try:
        main()
    except SystemExit as ended:
        _end(ended.code)
