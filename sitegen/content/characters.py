"""Characters that no text may hold."""

from __future__ import annotations

import re

_NONCHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))

NOT_TEXT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
"""Controls but tab and line ends, lone surrogates and noncharacters: HTML forbids all of them, XML most."""
