"""Addresses with a signature, for where no header can be sent: `deps.caller` takes them where an operation says so."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from fastapi import Request

from app.http.problems import base_url_of
from app.kit.signatures import LinkSigner, Pass

PARAMETER = "link"


def opened(signer: LinkSigner, path: str, pairs: Iterable[tuple[str, str]]) -> Pass | None:
    """Return what the signature of an address says, None for an address without one. Raise InvalidToken."""
    pairs = list(pairs)
    link = next((value for name, value in pairs if name == PARAMETER), None)
    return None if link is None else signer.open(link, binding=_binding(path, pairs))


def url(request: Request, *, path: str, parameters: Mapping[str, str], held: Pass) -> str:
    """Return the whole address of a path with its parameters and the signature over both."""
    house = request.app.state.house
    link = house.links.sign(held, binding=_binding(path, parameters.items()))
    return f"{base_url_of(request.scope, house.base_url)}{path}?{urlencode({**parameters, PARAMETER: link})}"


def _binding(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    return repr((path, sorted(pair for pair in pairs if pair[0] != PARAMETER)))
