"""What free hosts take, so that a site too large for one is known before it is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

_MIB = 1 << 20


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one host; ``None`` means that it names none. Sizes are in bytes."""

    name: str
    files: int | None = None
    files_in_folder: int | None = None
    total: int | None = None
    largest: int | None = None


# As the hosts' own documentation gave them in 2026: GitHub Pages "usage limits", Netlify "files per directory
# limit", Cloudflare Pages "limits" of the free plan. A file above 100 MiB does not fit into a GitHub repository.
HOSTS = {
    "github": Host(name="GitHub Pages", total=1000 * _MIB, largest=100 * _MIB),
    "netlify": Host(name="Netlify", files_in_folder=54_000),
    "cloudflare": Host(name="Cloudflare Pages", files=20_000, largest=25 * _MIB),
}


def objections(host: Host, sizes: Mapping[str, int]) -> list[str]:
    """Why a site with these files (path -> bytes) does not fit; empty when it does."""
    found = []
    total, (largest, bytes_) = sum(sizes.values()), max(sizes.items(), key=lambda item: item[1], default=("", 0))
    folder, crowd = Counter(path.rpartition("/")[0] for path in sizes).most_common(1)[0] if sizes else ("", 0)
    if host.files is not None and len(sizes) > host.files:
        found.append(f"{len(sizes):,} files are more than the {host.files:,} that {host.name} takes")
    if host.files_in_folder is not None and crowd > host.files_in_folder:
        limit = f"{host.files_in_folder:,} in one folder that {host.name} takes"
        found.append(f"{crowd:,} files in {folder or 'the top folder'} are more than the {limit}")
    if host.total is not None and total > host.total:
        found.append(f"{total / _MIB:,.0f} MiB are more than the {host.total / _MIB:,.0f} MiB that {host.name} takes")
    if host.largest is not None and bytes_ > host.largest:
        size = f"{bytes_ / _MIB:,.1f} MiB, more than the {host.largest / _MIB:,.0f} MiB"
        found.append(f"{largest} has {size} that {host.name} takes for one file")
    return found
