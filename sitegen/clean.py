"""Deleting what builds have written, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from sitegen.build import CACHE_FOLDER
from sitegen.publish.staging import remove_all


def clean(root: Path, output: Path) -> int:
    """Delete the files of ours in ``output``, and the site's cache; returns how many files were published.

    Files that no build wrote are kept, as is the folder then.
    """
    removed = remove_all(output)
    shutil.rmtree(root / CACHE_FOLDER, ignore_errors=True)
    return removed
