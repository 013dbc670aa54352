"""Statements on their way from SQLAlchemy to the driver."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import Executable, Numeric, Text, bindparam, column, insert, literal, select, update

import app
from app.db import statements
from app.db.tables import company

NAME = column("name", Text)


def in_modules() -> Iterator[tuple[str, Executable]]:
    """Every statement that stands in a module, by its name, as far as it is not built later."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                among = value.values() if isinstance(value, Mapping) else [value]
                yield from ((f"{module.name}.{name}", one) for one in among if isinstance(one, Executable))


def test_every_column_that_is_read_comes_as_the_driver_gives_it() -> None:
    found = [name for name, statement in in_modules() if hasattr(statement, "compile")]
    assert len(found) > 100
    for _, statement in in_modules():
        if hasattr(statement, "compile"):
            statements.demand_plain_results(statement)


def test_a_column_that_would_need_more_is_refused() -> None:
    with pytest.raises(TypeError, match="more than the driver"):
        statements.plan(select(literal(1, Numeric).label("amount")), {})


def test_a_list_of_unknown_length_is_refused() -> None:
    with pytest.raises(TypeError, match="array"):
        statements.plan(select(NAME).where(NAME.in_(bindparam("names", expanding=True))), {"names": ["a"]})


def test_a_list_that_stands_in_the_statement_is_sent_with_it() -> None:
    statement = select(NAME).where(NAME.in_(["a", "b"]), bindparam("other", type_=Text) != NAME)
    for other in ("x", "y"):
        plan = statements.plan(statement, {"other": other})
        sent = dict(enumerate(plan.arguments({"other": other}), 1))
        assert sorted(sent.values()) == ["a", "b", other]
        assert f"${next(n for n, value in sent.items() if value == other)}::VARCHAR !=" in plan.sql


def test_a_statement_is_compiled_once_for_each_set_of_columns() -> None:
    statement = insert(company)
    first = statements.plan(statement, {"practice_id": 0, "id": 1, "name": "A"})
    assert statements.plan(statement, {"practice_id": 0, "id": 2, "name": "B"}) is first
    other = statements.plan(statement, {"practice_id": 0, "id": 1})
    assert "name" not in other.sql
    assert list(first.arguments({"practice_id": 0, "id": 3, "name": "C"})) == [0, 3, "C"]


def test_what_is_put_together_for_one_request_keeps_its_own_values() -> None:
    plans = [statements.plan(update(company).values(name=name), {}) for name in ("A", "B")]
    assert plans[0].sql == plans[1].sql
    assert [list(plan.arguments({})) for plan in plans] == [["A"], ["B"]]
