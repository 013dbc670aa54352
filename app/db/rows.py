"""What the database answers: rows by the names of their columns."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
from typing_extensions import override

T = TypeVar("T")

if TYPE_CHECKING:

    class Row(Mapping[str, Any]):
        """A row of a result; services know rows by this name only."""

        def __getattr__(self, name: str) -> Any: ...

else:

    class Row(asyncpg.Record):
        """A row of a result: a mapping by column, whose columns are attributes, too."""

        __slots__ = ()

        def __getattr__(self, name: str) -> Any:
            try:
                return self[name]
            except KeyError:
                raise AttributeError(name) from None

        def __iter__(self) -> Iterator[str]:
            return iter(self.keys())

    Mapping.register(Row)


class WrongNumberOfRowsError(RuntimeError):
    """A statement found fewer or more rows than it can: a defect, never a caller's fault."""


class _Some(Sequence[T]):
    """What a statement found, in order."""

    __slots__ = ("_found",)

    def __init__(self, found: Sequence[T]) -> None:
        self._found = found

    @override
    def __getitem__(self, index: Any) -> Any:
        return self._found[index]

    @override
    def __len__(self) -> int:
        return len(self._found)

    @override
    def __iter__(self) -> Iterator[T]:
        return iter(self._found)

    def all(self) -> Sequence[T]:
        """Return everything."""
        return self._found

    def first(self) -> T | None:
        """Return the first, None without any."""
        return self._found[0] if self._found else None

    def one_or_none(self) -> T | None:
        """Return the only one, None without any."""
        if len(self._found) > 1:
            raise WrongNumberOfRowsError(f"{len(self._found)} rows instead of one")
        return self._found[0] if self._found else None

    def one(self) -> T:
        """Return the only one."""
        if len(self._found) != 1:
            raise WrongNumberOfRowsError(f"{len(self._found)} rows instead of one")
        return self._found[0]


class Result(_Some[Row]):
    """The rows of a statement."""

    __slots__ = ()

    def mappings(self) -> "Result":
        """Return the rows: they are mappings already."""
        return self

    def scalars(self) -> _Some[Any]:
        """Return the first column."""
        return _Some([_value(row) for row in self._found])

    def scalar_one(self) -> Any:
        """Return the only value."""
        return _value(self.one())

    def scalar_one_or_none(self) -> Any:
        """Return the only value, None without any."""
        row = self.one_or_none()
        return None if row is None else _value(row)


def _value(row: Any) -> Any:
    return row[0]
