"""Crickets: whose move it is across a coach's caseload, over HTTP."""

import gc

# A process keeps what its start makes: looked over as often as usual, that takes a tenth of it (app/kit/memory.py).
gc.set_threshold(50_000, 20, 100)
