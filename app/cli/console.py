"""How the command speaks: results on standard output, progress and complaints on standard error."""

import sys
import time


class Failure(Exception):
    """Something a person can mend; the message says how."""


def say(text: str) -> None:
    """Tell how things go."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def complain(text: str) -> None:
    """Tell what is wrong."""
    say(f"crickets: {text}")


def answer(text: str) -> None:
    """Print a result."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Progress:
    """One line for each finished step, with the time it took."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()

    def done(self, step: str) -> None:
        """Tell that `step` is done."""
        now = time.monotonic()
        say(f"  {step} ({now - self._last:.1f} s)")
        self._last = now

    @property
    def total(self) -> float:
        return time.monotonic() - self._began
