"""Bars every connection that leaves this machine: only loopback and Unix sockets are let through."""

import ipaddress
import os
import sys

_CONNECTING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_LOOKING_UP = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


class Barred(BaseException):
    """A connection was tried. Not an Exception, which somebody may catch."""


def is_local(address):
    """Whether an address is one of this machine's own."""
    if not isinstance(address, tuple):
        return True  # of a Unix socket, or one that is connected already
    host = address[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _watch(event, args):
    if event in _CONNECTING and not is_local(args[1]):
        raise Barred(f"{event} {args[1]!r}")
    if event in _LOOKING_UP and args[0] and not is_local((os.fsdecode(args[0]),)):
        raise Barred(f"{event} {args[0]!r}")


def bar():
    """From now on, in this process and those that are forked from it."""
    sys.addaudithook(_watch)
