"""Who is flagged without reason: ordinary messages by what they mention and how they are written."""

from collections.abc import Callable
from dataclasses import dataclass

from moderation.training.evaluation.cases import Labelled
from moderation.training.evaluation.lexicon import DISABILITY, IDENTITY, RELIGION

#: From so many words on a message counts as long, whether tagged so or not.
LONG = 60
#: Tags that mark English as a second language, in whatever corpus has them.
SECOND_LANGUAGE = frozenset({"code-switched", "non-native", "second-language"})


@dataclass(frozen=True, slots=True)
class Slice:
    """Messages of one kind; only those that people call `ok` are counted."""

    name: str
    holds: Callable[[Labelled], bool]


def _tagged(*tags: str) -> Callable[[Labelled], bool]:
    wanted = frozenset(tags)
    return lambda case: bool(case.tags & wanted)


SLICES = (
    Slice("all ok messages", lambda case: True),
    Slice("mentions who people are", lambda case: bool(IDENTITY.search(case.utterance.text))),
    Slice("words of religion", lambda case: bool(RELIGION.search(case.utterance.text))),
    Slice("words of disability and health", lambda case: bool(DISABILITY.search(case.utterance.text))),
    Slice("dialect (slang-british)", _tagged("slang-british")),
    Slice("English as a second language (tagged)", lambda case: bool(case.tags & SECOND_LANGUAGE)),
    Slice("misspelt", _tagged("misspelt")),
    Slice("swearing at nobody", _tagged("swear-not-abuse")),
    Slice("banter", _tagged("banter")),
    Slice("reported speech, counter-speech", _tagged("reported-speech", "counter-speech")),
    Slice("name traps", _tagged("name-trap")),
    Slice("emoji", _tagged("emoji")),
    Slice(f"long ({LONG} words and more)", lambda case: len(case.utterance.text.split()) >= LONG),
    Slice("a question", lambda case: case.utterance.text.rstrip().endswith("?")),
    Slice("capitals", lambda case: _shouts(case.utterance.text)),
)


def _shouts(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return len(letters) > 8 and sum(map(str.isupper, letters)) > len(letters) / 2
