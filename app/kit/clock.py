"""The one place where the service asks what time it is."""

from datetime import UTC, datetime


def read() -> datetime:
    """Return the current instant, aware, in UTC; called once per request or job and passed on as `now`."""
    return datetime.now(UTC)
