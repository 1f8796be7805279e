"""Proof that the short way gives the same bytes as the long one: build from nothing, and compare."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from sitegen.build import BuildOptions, build
from sitegen.config import Config
from sitegen.errors import Problem
from sitegen.publish.staging import read_manifest


def verify(root: Path, config: Config, options: BuildOptions) -> tuple[Problem, ...]:
    """What in the published folder is not as a build from nothing makes it; the folder stays as it is."""
    published = options.output or root / config.output
    with tempfile.TemporaryDirectory(prefix="sitegen-verify-") as scratch:
        fresh = Path(scratch, "site")
        build(root, config, msgspec.structs.replace(options, output=fresh, cache=Path(scratch, "cache"), clean=True))
        return differences(published, fresh)


def differences(published: Path, fresh: Path) -> tuple[Problem, ...]:
    """One problem for each file of ours that is missing, left over, or not the same in both folders."""
    have, want = set(read_manifest(published)), set(read_manifest(fresh))
    problems = []
    for path in sorted(have | want):
        if path not in want:
            message = "is left over from an earlier build"
        elif not (published / path).is_file():
            message = "is missing"
        elif (published / path).read_bytes() != (fresh / path).read_bytes():
            message = "differs from a build from nothing"
        else:
            continue
        hint = "build with --clean, and report this: it should not happen"
        problems.append(Problem(source=f"{published.name}/{path}", message=message, hint=hint))
    return tuple(problems)
