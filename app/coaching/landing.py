"""Whether an accepted offer is the end of a search: it depends on what was accepted, and by whom."""

from collections.abc import Mapping
from types import MappingProxyType

from app.db.vocabulary import EmploymentStatus, OpportunityKind

_K, _S = OpportunityKind, EmploymentStatus
#: A gig is over in days or weeks, and who lives by commissions looks for the next one while at this one.
_ENDS: Mapping[OpportunityKind, frozenset[EmploymentStatus]] = MappingProxyType(
    {
        _K.PERMANENT: frozenset(_S),
        _K.CONTRACT: frozenset(_S) - {_S.FREELANCE},
        _K.INTERNSHIP: frozenset(_S) - {_S.FREELANCE},
        _K.GIG: frozenset(),
    }
)


def ends_the_search(kind: OpportunityKind, employment: EmploymentStatus) -> bool:
    """Say whether somebody who accepts a role of this kind has found what they looked for."""
    return employment in _ENDS[kind]
