from __future__ import annotations

import json

from sitegen.importers.arxiv_daily import read_arxiv_daily


def test_rows_of_tables_and_of_lists_are_papers_of_their_topics() -> None:
    row = "|**2024-01-03**|**Kites: a Survey**|Ada Poe et.al.|[2401.10021](http://arxiv.org/abs/2401.10021)|null|\n"
    item = (
        "- 2024-01-05, **Sails**, Cy Coe et.al., Paper: [http://arxiv.org/abs/2401.10023v1](http://arxiv.org/abs/2401.10023v1)"
        ", Code: **[https://github.com/example/s](https://github.com/example/s)**\n"
    )
    text = json.dumps({"Kites": {"2401.10021": row}, "Sails": {"2401.10023": item, "2401.10021": row}}, indent=1)
    first, second = read_arxiv_daily(text, "daily.json", None).entries
    assert first.raw == {
        "id": "2401.10021",
        "arxiv": "2401.10021",
        "title": "Kites: a Survey",
        "authors": "Ada Poe et.al.",
        "date": "2024-01-03",
        "topics": ["Kites", "Sails"],
    }
    assert second.raw["title"] == "Sails"
    assert (second.raw["authors"], second.raw["date"]) == ("Cy Coe et.al.", "2024-01-05")
    assert second.raw["links"] == {"code": "https://github.com/example/s"}
    assert (first.line, second.line) == (3, 6)
