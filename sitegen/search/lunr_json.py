"""The index as one file of standard Lunr 2.3 JSON, for anyone's own ``lunr.Index.load``.

Source of the formulas and of the format: lunr.py 0.8 (``builder.py``, ``idf.py``, ``index.py``).
"""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from sitegen.search.codec import Ints
from sitegen.search.inverted_index import Index, first_met


def weights(index: Index) -> npt.NDArray[np.float64]:
    """lunr.py's weight of every posting row, rounded to three decimals as Python rounds."""
    model, fields, count = index.model, len(index.model.fields), len(index.papers.ids)
    sizes = np.diff(index.starts)
    with_term = sizes.reshape(-1, fields).sum(axis=1)
    ratio = (count - with_term + 0.5) / (with_term + 0.5)
    # math.log, not np.log: the last bit may differ, and Lunr's weight is what Python computes.
    idf = np.array([math.log(1 + abs(x)) for x in ratio.tolist()])
    average = index.lengths.sum(axis=0) / max(count, 1)
    row = np.repeat(np.arange(len(sizes)), sizes)
    field = row % fields
    tf = index.frequencies.astype(np.float64)
    length = index.lengths[index.documents, field]
    boost = np.array([f.boost for f in model.fields])[field]
    relative = length / average[field]
    scored = idf[row // fields] * ((model.k1 + 1) * tf) / (model.k1 * (1 - model.b + model.b * relative) + tf)
    return np.array([round(x, 3) for x in (scored * boost).tolist()])


def term_order(index: Index) -> Ints:
    """lunr.py's ``_index`` of each term: the order in which its builder first met them."""
    document, field, place = first_met(index)
    order = np.empty(len(index.terms), dtype=np.int64)
    order[np.lexsort((place, field, document))] = np.arange(len(index.terms))
    return order


def lunr_document(index: Index) -> dict[str, Any]:
    """The index as ``lunr.Index.load`` of Lunr 2.3 reads it: what lunr.py's ``Index.serialize`` answers.

    Source of the format: lunr-schema 2.3 as written by lunr.py 0.8 (``lunr/index.py``).
    """
    names = [field.name for field in index.model.fields]
    count, ids = len(names), index.papers.ids
    weight, documents = weights(index).tolist(), index.documents.tolist()
    vectors: list[list[list[Any]]] = [[[] for _ in names] for _ in ids]
    inverted = {}
    starts, order = index.starts.tolist(), term_order(index).tolist()
    for t in sorted(range(len(order)), key=order.__getitem__):
        posting: dict[str, Any] = {}
        for f, name in enumerate(names):
            low, high = starts[t * count + f], starts[t * count + f + 1]
            posting[name] = {ids[d]: {} for d in documents[low:high]}
            for d, w in zip(documents[low:high], weight[low:high], strict=True):
                vectors[d][f] += (order[t], w)
        posting["_index"] = order[t]
        inverted[index.terms[t]] = posting
    return {
        "version": "2.3.9",
        "fields": names,
        "fieldVectors": [
            [f"{name}/{i}", vector]
            for i, row in zip(ids, vectors, strict=True)
            for name, vector in zip(names, row, strict=True)
        ],
        "invertedIndex": [[term, inverted[term]] for term in index.terms],
        "pipeline": ["stemmer"],
    }


def lunr_json(index: Index) -> bytes:
    """``lunr_document`` as JSON without white space."""
    return msgspec.json.encode(lunr_document(index))
