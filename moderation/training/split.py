"""Which part of the corpus a batch belongs to: training, validation (where thresholds are chosen), or test.

A batch is one school with its own cast, written in one go by one hand; neither it nor a conversation in it is
ever cut through. Every author and every brief has its share in each part, since the number of the batch decides.
No training and no threshold ever sees a test batch.
"""

from enum import StrEnum

#: Of every eight batches of one author, the third is test and the sixth is validation.
_CYCLE = 8
_TEST, _VALIDATION = 3, 6


class Part(StrEnum):
    """A part of the corpus."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


def part_of(batch: str) -> Part:
    """Return the part of a batch, named `AUTHOR-NN`.

    Raises:
        ValueError: the name does not end in a number.
    """
    number = int(batch.rpartition("-")[2]) % _CYCLE
    return {_TEST: Part.TEST, _VALIDATION: Part.VALIDATION}.get(number, Part.TRAIN)
