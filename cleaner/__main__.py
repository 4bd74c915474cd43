"""The command: `cleaner`, or `python -m cleaner`."""

import signal
import sys
from types import FrameType


def _terminated(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main() -> None:
    """Run the command line; never ends in a traceback."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        from cleaner.cli import app

        app(prog_name="cleaner")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # a fault of ours: one line, as for any other trouble
        from cleaner.text import one_line

        print(f"cleaner: a fault in cleaner itself: {one_line(f'{type(error).__name__}: {error}')}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
