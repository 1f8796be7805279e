from __future__ import annotations

from pathlib import Path

from sitegen.render.modules import modules
from sitegen.render.theme_files import CLIENT


def test_modules_are_followed_through_static_imports_alone(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text(
        "import { b } from './b.js'\nimport {\n  c,\n} from './c.js'\n"
        "/** @param {import('./typed.js').T} t */\nconst later = () => import('./later.js')\n"
    )
    (tmp_path / "b.js").write_text("import './a.js'\nexport * from './d.js'\n")
    (tmp_path / "c.js").write_text("export const c = 'from ./e.js'\n")
    (tmp_path / "d.js").write_text("")
    assert modules(tmp_path, "a.js") == ("a.js", "b.js", "c.js", "d.js")


def test_the_search_page_names_the_worker_and_the_page_but_not_what_is_seldom_needed() -> None:
    found = modules(CLIENT, "worker.js", "search-page.js")
    assert {"search-page.js", "worker.js", "search.js", "pages.js", "text.js", "combobox.js"} <= set(found)
    assert "lunr.js" not in found
    assert "reading-page.js" not in found
