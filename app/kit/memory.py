"""What the garbage collector need not look at. How often it looks at the rest is set where the package begins."""

import gc


def settle() -> None:
    """Call at the end of a start: what is there now stays, and need not be looked at again."""
    gc.collect()
    gc.freeze()
