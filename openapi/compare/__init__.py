"""What changed between two OpenAPI documents, and whether it breaks what was built on the first.

    differences = compare(published, current)

No maintained library that runs offline from Python judges 3.1 documents both ways (requests against tightening, answers
against loosening); this one knows the vocabulary that `app/http/spec.py` writes, and any other keyword that requests
are newly held against breaks.
"""

from openapi.compare.difference import Difference
from openapi.compare.operations import compare

__all__ = ["Difference", "compare"]
