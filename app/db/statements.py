"""Statements as Postgres gets them: each is turned into SQL once, and from then on only its values change.

They are written with SQLAlchemy, and its own dialect compiles them; what sends them is the driver itself (ADR 16).
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, LargeBinary
from sqlalchemy.dialects.postgresql import ARRAY as PG_ARRAY
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import ARRAY, JSON, Numeric, TypeEngine
from sqlalchemy.util import LRUCache

Values = Mapping[str, Any]
_Processor = Callable[[Any], Any]

_DIALECT: Any = PGDialect_asyncpg(dbapi=PGDialect_asyncpg.import_dbapi())  # type: ignore[no-untyped-call]  # not ours
#: Execution options of a statement that takes about as long to plan as to run, and that one plan serves for all values:
#: left to itself Postgres plans it anew each time where the rows of many practices make the kept plan look dear.
_KEPT = "kept_plan"
KEPT_PLAN: Mapping[str, Any] = MappingProxyType({_KEPT: True})
_KEEP = "; SET LOCAL plan_cache_mode = force_generic_plan"
#: How many shapes of statements that are put together for one request are kept compiled.
_SHAPES = 500
_shapes: Any = LRUCache(_SHAPES)


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement with the names of the values that it is sent with."""

    sql: str
    #: The parameters in the order of their numbers.
    names: tuple[str, ...]
    #: What is fixed in the statement itself, by parameter.
    fixed: Values
    pick: Callable[[Values], Any]
    #: How to turn a value into what the driver takes, by its place.
    processors: tuple[tuple[int, _Processor], ...]
    #: See `prelude`.
    prelude: str = ""

    def arguments(self, values: Values) -> Iterable[Any]:
        """Return the values in their order, as the driver takes them."""
        if self.fixed:
            values = {**self.fixed, **values}
        found = self.pick(values)
        if self.processors:
            found = list(found)
            for place, process in self.processors:
                found[place] = process(found[place])
        return found  # type: ignore[no-any-return]  # a tuple of whatever was asked for


@dataclass(slots=True)
class _Plans:
    by_names: MutableMapping[tuple[tuple[str, ...], bool], Plan] = field(default_factory=dict)


_known: "WeakKeyDictionary[Executable, _Plans]" = WeakKeyDictionary()


def plan(statement: Executable, values: Values, *, many: bool = False) -> Plan:
    """Return how a statement is sent with values of these names; `many` when more than one set of them follows."""
    plans = _known.get(statement)
    if plans is None:
        plans = _known[statement] = _Plans()
    key = (tuple(values), many)
    found = plans.by_names.get(key)
    if found is None:
        found = plans.by_names[key] = replace(_made(statement, values, many=many), prelude=prelude(statement))
    return found


def prelude(statement: Executable) -> str:
    """Return what a transaction that begins with `statement` begins with besides its scope."""
    return _KEEP if _KEPT in statement.get_execution_options() else ""


def _made(statement: Any, values: Values, *, many: bool) -> Plan:
    keys = sorted(values)
    # What the engine of SQLAlchemy calls; a statement that is put together for each request is compiled once as well.
    compiled, extracted, *_ = statement._compile_w_cache(  # noqa: SLF001  # no public way
        _DIALECT, compiled_cache=_shapes, column_keys=keys, for_executemany=many
    )
    _demand_plain(compiled)
    if not compiled.post_compile_params:
        known = compiled.construct_params(values, extracted_parameters=extracted)
        return _numbered(compiled, compiled.string, compiled.positiontup or (), known, values)
    if any(bind.required for bind in compiled.post_compile_params):
        raise TypeError("a list of values comes as one array: column == any_(bindparam(…, type_=ARRAY(…)))")
    compiled = statement.compile(dialect=_DIALECT, column_keys=keys, for_executemany=many)
    state = compiled.construct_expanded_state(values)
    return _numbered(compiled, state.statement, state.positiontup, state.parameters, values)


def _numbered(compiled: SQLCompiler, sql: str, names: Iterable[str], known: Values, values: Values) -> Plan:
    places, fixed, processors = [], {}, []
    for number, name in enumerate(names):
        bind = compiled.binds.get(name)
        given = name if bind is None or bind.key not in values else bind.key
        places.append(given)
        if given not in values:
            fixed[given] = known[name]
        process = None if bind is None else _processor(bind.type)
        if process is not None:
            processors.append((number, process))
    return Plan(sql, tuple(places), fixed, _picker(places), tuple(processors))


def _picker(names: list[str]) -> Callable[[Values], Any]:
    if not names:
        return lambda _: ()
    if len(names) == 1:
        [only] = names
        return lambda values: (values[only],)
    return itemgetter(*names)


def _processor(type_: TypeEngine[Any]) -> _Processor | None:
    own = type_.dialect_impl(_DIALECT)
    if isinstance(own, LargeBinary):
        return None
    if isinstance(own, ARRAY | PG_ARRAY) and _processor(own.item_type) is None:
        return _listed
    process: _Processor | None = own.bind_processor(_DIALECT)
    return process


def _listed(value: Any) -> Any:
    return value if value is None or type(value) is list else list(value)


def demand_plain_results(statement: Any) -> None:
    """Refuse a statement whose rows cannot be passed on as they come."""
    _demand_plain(statement.compile(dialect=_DIALECT))


def _demand_plain(compiled: SQLCompiler) -> None:
    """Refuse a column of a type that the driver does not give as SQLAlchemy would: rows are passed on as they come."""
    for column in compiled._result_columns:  # noqa: SLF001  # told nowhere else
        own = column.type.dialect_impl(_DIALECT)
        while isinstance(own, ARRAY | PG_ARRAY):
            own = own.item_type.dialect_impl(_DIALECT)
        if isinstance(own, Numeric) or not (isinstance(own, JSON) or own.result_processor(_DIALECT, None) is None):
            raise TypeError(f"{column.keyname} is of a type whose values need more than the driver does: {own!r}")
