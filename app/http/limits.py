"""The limits on the wire: what is left, with every answer to a known caller, and 429 for whoever is over (API.md C17).

The fields are those of draft-ietf-httpapi-ratelimit-headers: a policy by name with its quota `q` in a window of `w`
seconds, and what remains of it (`r`) for how many seconds more (`t`).
"""

from starlette.types import Scope

from app.access.limits import Quota
from app.access.windows import WINDOW
from app.kit.errors import Throttled

_SECONDS = int(WINDOW.total_seconds())


def tell(scope: Scope, quota: Quota) -> None:
    """Let the answer of this request tell about its quota, whatever the answer will be. Raise Throttled."""
    # The edge adds what it finds here, since most answers come from where nobody knows of limits.
    scope["state"]["limits"] = (
        (b"ratelimit-policy", f'"{quota.name}";q={quota.limit};w={_SECONDS}'.encode()),
        (b"ratelimit", f'"{quota.name}";r={quota.remaining};t={quota.resets_in}'.encode()),
    )
    if quota.is_exceeded:
        raise Throttled(
            f"At most {quota.limit} requests a minute; wait {quota.resets_in} seconds.",
            headers={"Retry-After": str(quota.resets_in)},
        )
