"""A model as bytes and back: plain arrays and JSON, so that nothing in it is ever run."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np

from innovation.funders.learner.model import Model
from innovation.funders.learner.nearest import Index
from innovation.funders.learner.vocabulary import Vocabulary

FORMAT = 2


class OtherFormat(Exception):
    """These bytes hold no model, or one of another release: learn anew."""


def packed(model: Model) -> bytes:
    """The model as the bytes of an ``.npz`` file; its table at half the precision, which no rank depends on."""
    told = {
        "format": FORMAT,
        "funders": list(model.funders),
        "columns": {group: list(columns.items()) for group, columns in model.vocabulary.columns.items()},
        "words": list(model.near.words),
    }
    held = io.BytesIO()
    np.savez_compressed(
        held,
        told=np.frombuffer(json.dumps(told).encode(), np.uint8),
        rarity=model.vocabulary.rarity,
        table=model.table.astype(np.float16),
        habit=model.habit,
        weights=model.weights,
        start=model.near.start,
        awards=model.near.awards,
        worth=model.near.worth.astype(np.float16),
        owner=model.near.owner,
    )
    return held.getvalue()


def unpacked(content: bytes) -> Model:
    """The model in these bytes; ``OtherFormat`` when there is none that this release can read."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            told = json.loads(held["told"].tobytes())
            if told["format"] != FORMAT:
                raise OtherFormat
            return _model(told, {name: held[name] for name in held.files})
    except (ValueError, KeyError, OSError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise OtherFormat from error


def _model(told: dict[str, Any], held: dict[str, Any]) -> Model:
    funders = tuple(told["funders"])
    columns = {group: dict(pairs) for group, pairs in told["columns"].items()}
    words = {word: at for at, word in enumerate(told["words"])}
    worth = held["worth"].astype(np.float32)
    near = Index(words, held["start"], held["awards"], worth, held["owner"], len(funders))
    table = held["table"].astype(np.float32)
    return Model(funders, Vocabulary(columns, held["rarity"]), table, held["habit"], near, held["weights"])
