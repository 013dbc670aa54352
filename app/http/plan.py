"""What a request to a route takes, worked out once at the start (docs/adr/0017).

FastAPI asks a handler's signature anew for every request, and sends each plain function among the dependencies through
a thread. Here the signature is read when the route is registered; what is left for a request is to call one thing after
the other. A plain function runs where it is called, so it must not wait for anything.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from enum import Enum, auto
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from fastapi import Request, Response, params

Call = Callable[..., Any]


class PlanError(TypeError):
    """A handler or a dependency asks for something that no request could give it."""


class _How(Enum):
    PLAIN = auto()
    AWAITED = auto()
    ENTERED = auto()


class _Step(NamedTuple):
    """One dependency: what to call, with which of the values made so far, and how."""

    call: Call
    takes: tuple[int, ...]
    how: _How


class Plan:
    """The steps of a route in their order: its guards, then the handler's parameters from left to right.

    Each dependency is asked once for a request. Those that yield are entered in this order, and end in the opposite one
    when the answer has been made, before it leaves: they see it as `answer` in the state of the request.
    """

    def __init__(self, handler: Call, guards: Sequence[params.Depends] = ()) -> None:
        self._places: dict[Call, int] = {}
        self._steps: list[_Step] = []
        self._handler: Callable[..., Awaitable[Response]] = handler
        if not inspect.iscoroutinefunction(handler):
            raise PlanError(f"{_name(handler)} must be a coroutine function")
        for guard in guards:
            self._place(guard, handler)
        self._takes = self._all(handler)
        self._opens = any(step.how is _How.ENTERED for step in self._steps)

    async def answer(self, request: Request) -> Response:
        """Return the answer to a request, all done that goes with it."""
        if self._opens:
            return await self._within(request)
        made: list[Any] = [request]
        for call, takes, how in self._steps:
            found = call(*[made[place] for place in takes])
            made.append(await found if how is _How.AWAITED else found)
        return await self._handler(*[made[place] for place in self._takes])

    async def _within(self, request: Request) -> Response:
        made: list[Any] = [request]
        async with AsyncExitStack() as opened:
            for call, takes, how in self._steps:
                found = call(*[made[place] for place in takes])
                if how is _How.AWAITED:
                    found = await found
                elif how is _How.ENTERED:
                    found = await opened.enter_async_context(found)
                made.append(found)
            response = await self._handler(*[made[place] for place in self._takes])
            request.scope["state"]["answer"] = response
        return response

    def _all(self, call: Call) -> tuple[int, ...]:
        return tuple(self._place(wanted, call) for wanted in _wanted(call))

    def _place(self, wanted: params.Depends | None, by: Call) -> int:
        """Return where the value of a dependency will be, planned now unless it was before; 0 is the request."""
        if wanted is None:
            return 0
        call = wanted.dependency
        if call is None or not wanted.use_cache or isinstance(wanted, params.Security):
            raise PlanError(f"{_name(by)} asks for a dependency in a way that is not planned")
        if call not in self._places:
            takes, how = self._all(call), _how(call, wanted)
            self._steps.append(_Step(asynccontextmanager(call) if how is _How.ENTERED else call, takes, how))
            self._places[call] = len(self._steps)
        return self._places[call]


def _wanted(call: Call) -> Iterator[params.Depends | None]:
    """Give the dependencies that a function asks for, None for the request itself."""
    for parameter in inspect.signature(call, eval_str=True).parameters.values():
        if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD or parameter.default is not parameter.empty:
            raise PlanError(f"{_name(call)}: {parameter.name} is no plain parameter")
        annotation = parameter.annotation
        if annotation is Request:
            yield None
            continue
        found = [part for part in _told(annotation) if isinstance(part, params.Depends)]
        if len(found) != 1:
            raise PlanError(f"{_name(call)}: {parameter.name} is neither the request nor a dependency")
        yield found[0]


def _told(annotation: object) -> tuple[object, ...]:
    return get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()


def _how(call: Call, wanted: params.Depends) -> _How:
    function = call if inspect.isroutine(call) else getattr(call, "__call__", call)  # noqa: B004  # of an object
    if inspect.isasyncgenfunction(function):
        if wanted.scope != "function":
            raise PlanError(f"{_name(call)} yields, so it must end before the answer leaves: scope='function'")
        return _How.ENTERED
    if inspect.isgeneratorfunction(function):
        raise PlanError(f"{_name(call)} yields without being async")
    return _How.AWAITED if inspect.iscoroutinefunction(function) else _How.PLAIN


def _name(call: Call) -> str:
    return getattr(call, "__qualname__", type(call).__qualname__)
