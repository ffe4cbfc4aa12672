"""A built-in model made by hand: both encoders look words up in a table, so every score is known."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from moderation.engines.builtin import ABOUT, FORM, LARGE, SMALL, TOKENIZER
from moderation.engines.encoding import ROLE_WORDS
from moderation.engines.heads import (
    CLAUSE,
    CLAUSES,
    CONCERN,
    DECISION,
    OUTPUTS,
    SEVERITY,
    TOXICITY,
    Calibration,
)
from moderation.engines.packing import GRAPH, packed
from moderation.vocabulary import Clause
from tests.support.tiny_onnx import lookup

#: What the encoders know; every other word is `[UNK]`. The numbers of the signs are those of the public vocabularies.
KNOWN = ("idiot", "grumble", "bruises", "maybe", "hurt")
_SIGNS = {"[UNK]": 100, "[CLS]": 101, "[SEP]": 102}
_FIRST, _ROWS = 103, 140
_VOCABULARY = {**_SIGNS, **{word: _FIRST + at for at, word in enumerate((*KNOWN, *ROLE_WORDS))}}

CALIBRATION = Calibration().as_mapping()
SETTINGS: Mapping[str, Any] = {
    "bounds": {"flag": 0.2, "redirect": 0.2, "concern": 0.2, "threat": 0.2},
    "small": CALIBRATION,
    "large": CALIBRATION,
    "both": CALIBRATION,
    "share": 0.5,
}


def write_model(folder: Path, **about: Any) -> Path:
    """Write the folder of a model; `about` replaces parts of model.json. Returns the folder.

    Both encoders know "idiot" (a flag, 4.1a), "grumble" (a redirect), "bruises" (a concern) and "hurt" (a threat). The
    small one takes "maybe" for a flag as well, the large one does not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        TOKENIZER: _tokenizer().encode(),
        SMALL: _encoder(maybe=4.0, offset=0),
        LARGE: packed({GRAPH: _encoder(maybe=-8.0, offset=4)}),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    told = {"form": FORM, "version": "tiny", "files": digests, **SETTINGS, **about}
    (folder / ABOUT).write_text(json.dumps(told), encoding="utf-8")
    return folder


def _tokenizer() -> str:
    made = Tokenizer(WordLevel(_VOCABULARY, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    text: str = made.to_str()
    return text


def _encoder(*, maybe: float, offset: int) -> bytes:
    """The table by token: rows that say nothing are low, so that the highest of all words counts."""
    table = [_nothing() for _ in range(_ROWS + offset)]
    clause = {one: CLAUSE.start + at for at, one in enumerate(CLAUSES)}
    flag, redirect, concern = DECISION.start + 2, DECISION.start + 1, CONCERN.start + 1
    loud = {
        "idiot": {flag: 4.0, clause[Clause.ABUSE_TO_PARENT]: 4.0, TOXICITY: 4.0, SEVERITY.start + 1: 4.0},
        "grumble": {redirect: 4.0},
        "bruises": {concern: 4.0},
        "hurt": {flag: 4.0, clause[Clause.THREAT]: 4.0},
        "maybe": {flag: maybe},
    }
    for word, changes in loud.items():
        for column, value in changes.items():
            table[_VOCABULARY[word] + offset][column] = value
    return lookup(table, inputs=("tokens",), output="logits")


def _nothing() -> list[float]:
    """Plainly fine: `ok` and no concern, nothing else likely."""
    row = [-4.0] * OUTPUTS
    row[DECISION.start] = row[CONCERN.start] = 0.0
    return row
