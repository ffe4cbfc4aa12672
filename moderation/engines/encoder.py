"""An encoder in ONNX form: a row of token numbers in, its logits out. Needs onnxruntime alone: no torch, no network.

Its weights are in 8 bits, and its steps are set anew from everything in a run. Each row is a run of its own: so a
score never depends on what others wrote at the same moment. On one thread that costs no time.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from moderation.engine import EngineFailed
from moderation.engines.encoding import Row
from moderation.engines.heads import OUTPUTS, Logits

#: ONNX Runtime's own log, from errors on: its warnings are about graphs, not about anything a school can do.
_ERRORS_ONLY = 3


class Encoder:
    """Runs one model. Thread-safe, and holds no state from one call to the next."""

    def __init__(self, model: Path, name: str) -> None:
        """Load a model file on one thread, since a bot on a small computer has other work. `name` is for messages.

        Raises:
            EngineFailed: it is no model.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        # Memory is given back after each call: one bot is one of many things on a school's old PC.
        options.enable_cpu_mem_arena = False
        self._name = name
        try:
            self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as broken:  # the library's exceptions share no base of their own
            raise EngineFailed(f"builtin: {name} is not a model that can be read; install Schoolgate again") from broken

    def logits(self, rows: Sequence[Row]) -> Logits:
        """Logits (rows by `OUTPUTS`), in order.

        Raises:
            EngineFailed: the runtime failed.
        """
        found = np.zeros((len(rows), OUTPUTS), np.float32)
        for at, row in enumerate(rows):
            try:
                [found[at : at + 1]] = self._session.run(None, {"tokens": np.asarray([row], np.int64)})
            except Exception as fault:  # noqa: BLE001 - as above; its text is left out
                raise EngineFailed(f"builtin: scoring by {self._name} failed ({type(fault).__name__})") from None
        return found
