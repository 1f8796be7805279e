"""Where themes lie, and of which files they consist. Nothing of this needs a template engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from sitegen.config import setting_problem
from sitegen.content.files import decode
from sitegen.content.frontmatter import parse_yaml
from sitegen.errors import ContentError, Problem, did_you_mean, fault_of

_PACKAGE = Path(__file__).resolve().parent.parent
# In a wheel the themes lie inside the package, in a checkout beside it.
SHIPPED = _PACKAGE / "themes" if (_PACKAGE / "themes").is_dir() else _PACKAGE.parent / "themes"
CLIENT = _PACKAGE / "client"


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ``theme.yaml``. ``options``: name -> default."""

    name: str
    extends: str | None = None
    description: str = ""
    options: dict[str, Any] = {}


def sources_of(site_root: Path, name: str) -> list[Path]:
    """Every file that a theme consists of, for watching and for comparing."""
    folders, _ = chain(site_root, name)
    return sorted({path for folder in (*folders, CLIENT) for path in folder.rglob("*") if path.is_file()})


def chain(site_root: Path, name: str) -> tuple[list[Path], list[Manifest]]:
    """The theme's folder and those of all that it extends, nearest first, with what their ``theme.yaml`` say.

    Raises:
        ContentError: when a theme is not there, says nonsense of itself, or extends itself.
    """
    folders: list[Path] = []
    manifests: list[Manifest] = []
    wanted: str | None = name
    while wanted is not None:
        folder = _find(site_root, wanted)
        if folder in folders:
            raise ContentError([Problem(source=f"themes/{wanted}/theme.yaml", message="the theme extends itself")])
        manifest = _manifest(folder)
        folders.append(folder)
        manifests.append(manifest)
        wanted = manifest.extends
    return folders, manifests


def _find(site_root: Path, name: str) -> Path:
    places = [site_root / "themes", SHIPPED]
    for place in places:
        if name and "/" not in name and "\\" not in name and (place / name / "theme.yaml").is_file():
            return (place / name).resolve()
    known = {path.parent.name for place in places for path in place.glob("*/theme.yaml")}
    hint = did_you_mean(name, known)
    raise ContentError([setting_problem(site_root, "theme.name", f"no theme {name!r}", hint)])


def _manifest(folder: Path) -> Manifest:
    source = f"themes/{folder.name}/theme.yaml"
    text = decode((folder / "theme.yaml").read_bytes(), source)
    data = text if isinstance(text, Problem) else parse_yaml(text, source)
    if isinstance(data, Problem):
        raise ContentError([data])
    try:
        return msgspec.convert(data, Manifest, strict=False)
    except msgspec.ValidationError as error:
        field, message = fault_of(error)
        raise ContentError([Problem(source=source, field=field, message=message)]) from None
