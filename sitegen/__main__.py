"""``python -m sitegen``, and the command ``sitegen``."""

from __future__ import annotations

import gc
import os
from typing import NoReturn


def start() -> NoReturn:
    """The command line. What is loaded for it stays, so no garbage is looked for among that: a build that finds nothing
    to do is shorter by a twentieth."""
    # Nothing here is linear algebra. NumPy's library for that would start a thread for each processor all the same, and
    # they take as long as the rest of NumPy to load.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()
    from sitegen.cli import command

    gc.freeze()
    gc.enable()
    command()


if __name__ == "__main__":
    start()
