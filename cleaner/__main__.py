"""The command: `cleaner`, or `python -m cleaner`."""

import gc
import io
import os
import signal
import sys
from types import FrameType


def _terminated(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main() -> None:
    """Run the command line and exit; never with a traceback."""
    signal.signal(signal.SIGTERM, _terminated)
    gc.set_threshold(50_000, 20, 20)  # pages make many objects and few cycles: looking for those took 5 % of the time
    if sys.stderr is None or sys.stdin is None:  # closed: nothing is said, nothing is read
        sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115 (for as long as we live)
        sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115
    if sys.stdout is None:
        print("cleaner: standard output is closed", file=sys.stderr)
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without UTF-8 shows what it cannot as an escape
            stream.reconfigure(errors="backslashreplace")
    try:
        from cleaner.cli import app

        sys.exit(app(prog_name="cleaner", standalone_mode=False) or 0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        sys.exit(_told(error))


def _told(error: Exception) -> int:
    """Say in one line what went wrong on the command line, or in cleaner itself; the exit code."""
    from cleaner.text import one_line

    if type(error).__name__ == "Abort":  # what typer makes of an interrupt
        return 130
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.ctx.get_help())  # type: ignore[attr-defined]
        return 0
    if hasattr(error, "format_message"):  # typer's usage errors, whose module is typer's own affair
        where = getattr(getattr(error, "ctx", None), "command_path", "cleaner")
        said = one_line(error.format_message()).replace("Value error, ", "").rstrip(".")
        print(f"cleaner: {said}{'' if said.endswith(('?', '!')) else '.'} See {where} --help.", file=sys.stderr)
        return 2
    print(f"cleaner: a fault in cleaner itself: {one_line(f'{type(error).__name__}: {error}')}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
