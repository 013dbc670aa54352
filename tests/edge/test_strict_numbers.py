"""Numbers are judged by their digits: a fraction is none that a float would round away, and no exponent costs more."""

import time
from typing import Annotated

import pytest

from app.http.strict import parse_body
from app.kit.errors import RuleBroken
from app.kit.fields import Whole
from app.kit.schema import In


class Holder(In):
    whole: Annotated[int, Whole()] = 0
    hours: Annotated[int, Whole(0, 168)] = 0


def read(digits: str) -> int | list[tuple[str, str]]:
    """Return what is read, or the faults."""
    try:
        body = parse_body(Holder, f'{{"whole":{digits}}}'.encode())
    except RuleBroken as error:
        return [(fault.pointer, fault.code) for fault in error.faults]
    return body.whole


FRACTIONS = [
    "4503599627370497.5", "9007199254740991.4", "-9007199254740990.9999999", "45035996273704975e-1", "1e-400",
    "-1e-400", "1e-00400", "168.00000000000000001", "0.99999999999999999999", "1680000000000000000001e-19", "1.5",
    "15e-1", "1e-1",
]  # fmt: skip


@pytest.mark.parametrize("digits", [*FRACTIONS, "0." + "0" * 5_000 + "1", "1e-" + "9" * 5_000], ids=lambda d: d[:24])
def test_a_fraction_is_no_whole_number(digits: str) -> None:
    assert read(digits) == [("/whole", "wrong-type")]


WHOLE = {
    "4503599627370497.0": 4503599627370497, "45035996273704970e-1": 4503599627370497, "10e-1": 1, "1.50e+01": 15,
    "1200e-02": 12, "16.8e1": 168, "1e0000000001": 10, "0e-400": 0, "-0.0e999999999999": 0, "-0": 0,
    "0." + "0" * 5_000 + "1e5001": 1, "9007199254740991.0": 2**53 - 1, "-9007199254740991": 1 - 2**53,
}  # fmt: skip


@pytest.mark.parametrize("digits", WHOLE, ids=lambda digits: digits[:24])
def test_a_whole_number_is_one_however_it_is_written(digits: str) -> None:
    assert read(digits) == WHOLE[digits]


def test_every_odd_number_is_named_where_it_stands() -> None:
    with pytest.raises(RuleBroken) as caught:
        parse_body(Holder, b'{"whole":1e400,"hours":168.00000000000000001,"more":[{"a":1e-400}]}')
    found = [(fault.pointer, fault.code) for fault in caught.value.faults]
    assert found == [("/whole", "out-of-range"), ("/hours", "wrong-type"), ("/more/0/a", "wrong-type")]


def test_a_huge_exponent_costs_nothing() -> None:
    started = time.process_time()
    body = ",".join(["1e-999999999", "1e-" + "9" * 100] * 500)
    with pytest.raises(RuleBroken):
        parse_body(Holder, f'{{"more":[{body}]}}'.encode())
    assert time.process_time() - started < 1
