"""Rules of an opportunity's own fields that need more than one of them, or other records."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.db.scope import ScopedSession
from app.kit.errors import Fault, RuleBroken, UnknownReference
from app.opportunities.repository import writes


def demand_sound_pay(values: Mapping[str, Any]) -> None:
    """Raise RuleBroken unless the salary runs from low to high, in a currency. `values` is the whole record."""
    low, high = values["salary_min"], values["salary_max"]
    faults = []
    if low is not None and high is not None and low > high:
        faults.append(Fault("body", "/salary_max", "order", "The highest salary must not be below the lowest."))
    if values["currency"] is None and (low is not None or high is not None):
        faults.append(Fault("body", "/currency", "required", "A salary needs its currency."))
    if faults:
        raise RuleBroken(faults=faults)


def demand_same_client(stored: UUID, sent: UUID) -> None:
    """Raise RuleBroken where a patch would hand an opportunity to another client."""
    if stored != sent:
        words = "An opportunity stays with its client; open a new one for the other."
        raise RuleBroken(faults=[Fault("body", "/client_id", "not-in-list", words)])


async def demand_known(
    session: ScopedSession,
    *,
    client_id: UUID | None = None,
    company_id: UUID | None = None,
    contact_ids: Sequence[UUID] = (),
) -> None:
    """Raise UnknownReference, with a pointer to each, for records named in a body that are not there."""
    known = await writes.known(session, client_id=client_id, company_id=company_id, contact_ids=contact_ids)
    faults = [*_fault(client_id, "/client_id", there=known.client)]
    faults += _fault(company_id, "/company_id", there=known.company)
    for position, contact_id in enumerate(contact_ids):
        faults += _fault(contact_id, f"/contact_ids/{position}", there=contact_id in known.contact_ids)
    if faults:
        raise UnknownReference(faults=faults)


def _fault(named: UUID | None, pointer: str, *, there: bool) -> Iterable[Fault]:
    if named is not None and not there:
        yield Fault("body", pointer, "unknown-reference", "The practice has no record of this id.")
