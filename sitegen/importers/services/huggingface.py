"""Hugging Face's daily papers (``/api/daily_papers``, https://huggingface.co/docs/hub/api)."""

from __future__ import annotations

from typing import Any

from sitegen.content.plain import to_markdown
from sitegen.importers.fields import Placed, labels, people, plain


def matches(record: dict[str, Any]) -> bool:
    paper = record.get("paper")
    return isinstance(paper, dict) and "title" in paper


def placed(record: dict[str, Any]) -> Placed:
    paper = record["paper"]
    result = Placed()
    result.set("title", " ".join(plain(paper.get("title") or record.get("title")).split()))
    result.set("arxiv", plain(paper.get("id") or ""))
    result.set("id", plain(paper.get("id") or ""))
    result.set("authors", people(paper.get("authors") or []))
    result.set("abstract", to_markdown(plain(paper.get("summary") or record.get("summary") or "")))
    result.set("date", str(paper.get("publishedAt") or record.get("publishedAt") or "")[:10])
    day = str(paper.get("submittedOnDailyAt") or record.get("submittedOnDailyAt") or "")[:10]
    result.set("featured_on", [day] if day else None)
    result.set("upvotes", paper.get("upvotes"))
    result.set("tags", labels(paper.get("ai_keywords") or []))
    for key, kind in (("githubRepo", "code"), ("projectPage", "project")):
        if isinstance(url := paper.get(key), str) and url:
            result.address(url, kind)
    if result.links:
        result.raw["links"] = result.links
    return result
