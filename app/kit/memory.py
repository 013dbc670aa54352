"""How often the garbage collector looks at what."""

import gc

_THRESHOLD = (50_000, 20, 100)


def settle() -> None:
    """Call at the end of a start: what is there now stays, and need not be looked at again; the rest more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLD)
