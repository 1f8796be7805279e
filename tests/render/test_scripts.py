"""Scripts as they are published: joined, and ours minified."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from published_client import JS
from site_maker import CONFIG, SiteMaker, paper, write_files
from tools import npm_package, program

from sitegen.build import build
from sitegen.config import load_config
from sitegen.errors import ContentError
from sitegen.render.scripts import ScriptError, minified, published
from sitegen.render.theme_files import CLIENT, SHIPPED

MODULES = {
    "site.js": """import './client/side.js'
import * as words from './client/words.js'
import { LIMIT, join as glue } from "./client/lists.js";

const text = 'site'
console.log(glue([words.hello(), text, String(LIMIT)]))
import('./client/later.js').then(({ late }) => console.log(late()))
""",
    "client/side.js": "import { hello } from './words.js'\nconst text = 'side'\nconsole.log(hello(), text)\n",
    "client/words.js": "const text = 'hello'\nconsole.log('once')\nexport function hello() {\n  return text\n}\n",
    "client/lists.js": """import {
  hello,
} from './words.js'

export const LIMIT = 3
const separator = `${hello()[0]}|`
export { glue as join }
async function glue(parts) {
  return (await Promise.all(parts)).join(separator)
}
""",
    "client/later.js": "export const late = () => 'late'\n",
}


def said_by(folder: Path, scripts: dict[str, str], entry: str) -> list[str]:
    """The lines that a script writes when Node runs it."""
    node = program("node")
    write_files(folder, scripts | {"package.json": '{"type":"module"}'})
    ran = subprocess.run([node, folder / entry], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


@pytest.mark.parametrize("ours", [(), tuple(MODULES)], ids=["as written", "minified"])
def test_a_joined_script_does_what_its_modules_did(tmp_path: Path, ours: tuple[str, ...]) -> None:
    written = said_by(tmp_path / "written", MODULES, "site.js")
    joined = said_by(tmp_path / "joined", published(MODULES, ours), "site.js")
    assert sorted(joined) == sorted(written)
    assert joined.count("once") == 1
    assert "hello side" in joined and "late" in joined


def test_only_what_a_page_can_ask_for_is_published() -> None:
    made = published(MODULES)
    assert set(made) == {"site.js", "client/later.js"}
    assert "import(" in made["site.js"]
    assert "\nimport " not in made["site.js"]


def test_a_script_that_imports_nothing_is_published_as_it_is() -> None:
    source = "// mine\nexport   default  7; export { }\n"
    assert published({"a.js": source}) == {"a.js": source}


def test_a_module_that_is_fetched_later_is_published_too_and_found_from_where_it_is_used() -> None:
    scripts = {
        "site.js": "import './client/box.js'\n",
        "client/box.js": "import('./suggest.js')\nimport('../own.js')\nnew URL('worker.js', import.meta.url)\n",
        "client/suggest.js": "",
        "client/worker.js": "import './suggest.js'\nimport('./suggest.js')\n",
        "own.js": "/** @type {import('./typed.js').T} */\n",
        "typed.js": "",
        "uses.js": "import './typed.js'\n",
    }
    made = published(scripts)
    assert set(made) == {"site.js", "client/suggest.js", "client/worker.js", "own.js", "uses.js"}
    assert "import('./client/suggest.js')" in made["site.js"]
    assert "new URL('./client/worker.js', import.meta.url)" in made["site.js"]
    assert "import('./own.js')" in made["site.js"]
    assert "import('./suggest.js')" in made["client/worker.js"]


@pytest.mark.parametrize(
    ("line", "other", "said"),
    [
        ("import { a } from './missing.js'", "", "missing.js, which is not there"),
        ("import { a } from './b.js'", "export const b = 1", "imports a from ./b.js"),
        ("import a from './b.js'", "export const b = 1", "import a from"),
        ("import { default as a } from './b.js'", "export default 1", "export default 1"),
        ("import { a } from './b.js'", "export const [a] = [1]", "export const [a]"),
        ("import { a } from './b.js'", "export let a = 1", "export let a"),
        ("import './b.js'", "export * from './c.js'", "export * from"),
        ("import './b.js'", "const a=1;export{a}", "export{a}"),
        ("import './b.js'\nimport { x } from 'https://elsewhere.example/x.js'", "", "elsewhere.example"),
        ("import './b.js'", "const a = await fetch('./a.json')", "await fetch"),
        ("import './b.js'", "import './a.js'", "imports itself"),
    ],
)
def test_what_cannot_be_joined_is_an_error_that_says_why(line: str, other: str, said: str) -> None:
    scripts = {"a.js": f"// a\n{line}\n", "b.js": f"// b\n{other}\n", "c.js": ""}
    with pytest.raises(ScriptError) as refused:
        published(scripts)
    assert said in str(refused.value)
    assert refused.value.path in scripts


def test_minifying_changes_nothing_that_any_of_our_scripts_says() -> None:
    scripts = sorted([*CLIENT.rglob("*.js"), *SHIPPED.glob("*/static/**/*.js")])
    pairs = [[source := path.read_text(encoding="utf-8"), minified(source)] for path in scripts]
    given = json.dumps({"acorn": str(npm_package("acorn@8.14.0") / "dist" / "acorn.mjs"), "pairs": pairs})
    command = [program("node"), str(JS / "same-syntax.mjs")]
    ran = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert [path.name for path, same in zip(scripts, json.loads(ran.stdout), strict=True) if not same] == []
    assert all(len(short) < len(source) for source, short in pairs)


def test_a_theme_whose_script_cannot_be_joined_is_told_where(make_site: SiteMaker) -> None:
    root = make_site(
        {
            "content/papers/a.md": paper("A"),
            "themes/own/theme.yaml": "name: own\nextends: default\n",
            "themes/own/static/site.js": "import { shout } from './loud.js'\nshout()\n",
            "themes/own/static/loud.js": "\nexport default 1\nexport function shout() {}\n",
            "sitegen.yaml": f"{CONFIG}theme: {{name: own}}\n",
        }
    )
    with pytest.raises(ContentError) as refused:
        build(root, load_config(root / "sitegen.yaml"))
    (problem,) = refused.value.problems
    assert (problem.source, problem.line) == ("themes/own/static/loud.js", 2)


def test_of_the_search_client_only_scripts_are_published(make_site: SiteMaker) -> None:
    root = make_site({"content/papers/a.md": paper("A")})
    build(root, load_config(root / "sitegen.yaml"))
    client = [path for path in (root / "public" / "assets").glob("*/client/**/*") if path.is_file()]
    assert client and {path.suffix for path in client} == {".js"}


def test_the_scripts_of_a_theme_of_ones_own_keep_their_text(make_site: SiteMaker) -> None:
    own = "// mine\nconst banner = `\n  // two\n\n  lines`\ntintButton(document, banner)\n"
    root = make_site(
        {
            "content/papers/a.md": paper("A"),
            "themes/own/theme.yaml": "name: own\nextends: default\n",
            "themes/own/static/site.js": "import { tintButton } from './tint.js'\n" + own,
            "sitegen.yaml": f"{CONFIG}theme: {{name: own}}\n",
        }
    )
    build(root, load_config(root / "sitegen.yaml"))
    (made,) = (root / "public" / "assets").glob("*/site.js")
    text = made.read_text()
    assert text.endswith(own)
    assert "nextTint" in text and "The tint that follows" not in text


def test_a_shipped_theme_in_the_folder_of_a_site_is_published_as_the_one_of_the_package(make_site: SiteMaker) -> None:
    root = make_site({"content/papers/a.md": paper("A")})
    build(root, load_config(root / "sitegen.yaml"))
    ours = {path.relative_to(root): path.read_bytes() for path in (root / "public" / "assets").rglob("*.js")}
    shutil.copytree(SHIPPED / "default", root / "themes" / "default")
    shutil.rmtree(root / ".sitegen", ignore_errors=True)
    build(root, load_config(root / "sitegen.yaml"))
    assert ours == {path.relative_to(root): path.read_bytes() for path in (root / "public" / "assets").rglob("*.js")}
