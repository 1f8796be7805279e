"""OpenAlex' works (https://docs.openalex.org/api-entities/works/work-object)."""

from __future__ import annotations

from typing import Any

from sitegen.content.plain import to_markdown
from sitegen.importers.fields import Placed, is_empty, plain

# OpenAlex' type -> CSL item type, where the names differ.
_TYPES = {
    "article": "article-journal",
    "preprint": "article",
    "book-chapter": "chapter",
    "dissertation": "thesis",
    "review": "article-journal",
    "letter": "article-journal",
    "editorial": "article-journal",
}
_SCORE = 0.5
_MOST_LEVEL = 3


def matches(record: dict[str, Any]) -> bool:
    return "authorships" in record or "abstract_inverted_index" in record


def placed(record: dict[str, Any]) -> Placed:
    result = Placed()
    result.set("title", plain(record.get("title") or record.get("display_name") or ""))
    for url in (record.get("doi"), *_locations(record, "landing_page_url")):
        if isinstance(url, str) and url:
            result.address(url)
    for url in _locations(record, "pdf_url"):
        result.address(url, "pdf")
    result.set("authors", [person for authorship in record.get("authorships") or [] if (person := _person(authorship))])
    result.set("date", record.get("publication_date") or str(record.get("publication_year") or ""))
    result.set("abstract", to_markdown(abstract_of(record.get("abstract_inverted_index"))))
    source = (record.get("primary_location") or {}).get("source") or {}
    if "arxiv" not in str(source.get("display_name", "")).casefold():
        result.set("venue", plain(source.get("display_name") or ""))
    biblio = record.get("biblio") or {}
    result.set("volume", biblio.get("volume"))
    result.set("issue", biblio.get("issue"))
    pages = [str(page) for page in (biblio.get("first_page"), biblio.get("last_page")) if not is_empty(page)]
    result.set("pages", "-".join(dict.fromkeys(pages)))
    kind = str(record.get("type") or "")
    result.set("type", _TYPES.get(kind, kind))
    result.set("language", record.get("language"))
    topic = (record.get("primary_topic") or {}).get("display_name")
    result.set("topics", [topic] if topic else None)
    result.set("tags", _tags(record))
    identifier = str(record.get("id") or "").rpartition("/")[2]
    result.set("id", result.raw.get("arxiv") or identifier)
    if record.get("is_retracted"):
        result.set("notice", {"kind": "retraction"})
    if result.links:
        result.raw["links"] = result.links
    return result


def _tags(record: dict[str, Any]) -> list[str]:
    """Keywords, and those concepts that are neither vague nor a whole discipline."""
    keywords = [each for each in record.get("keywords") or [] if isinstance(each, dict)]
    concepts = [
        each
        for each in record.get("concepts") or []
        if each.get("score", 0) >= _SCORE and 0 < each.get("level", 0) <= _MOST_LEVEL
    ]
    return list(dict.fromkeys(name for each in (*keywords, *concepts) if (name := each.get("display_name"))))


def abstract_of(index: Any) -> str:
    """The text of an inverted index: word -> the positions at which it stands."""
    if not isinstance(index, dict):
        return ""
    words = {position: word for word, positions in index.items() for position in positions}
    return " ".join(words[position] for position in sorted(words))


def _person(authorship: dict[str, Any]) -> dict[str, str] | None:
    author = authorship.get("author") or {}
    name = author.get("display_name") or authorship.get("raw_author_name")
    institutions = [each["display_name"] for each in authorship.get("institutions") or [] if each.get("display_name")]
    details = {
        "name": name,
        "orcid": str(author.get("orcid") or "").rpartition("/")[2],
        "affiliation": ", ".join(institutions),
    }
    return {key: value for key, value in details.items() if value} if name else None


def _locations(record: dict[str, Any], key: str) -> list[str]:
    locations = [record.get("best_oa_location"), record.get("primary_location"), *(record.get("locations") or [])]
    return list(dict.fromkeys(url for location in locations if location and isinstance(url := location.get(key), str)))
