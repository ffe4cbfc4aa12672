"""The engine that scores is chosen by one setting, end to end."""

import os
from pathlib import Path

from tests.support.alerts import ABUSE, alerts, only_alert
from tests.support.classroom import classroom
from tests.support.journey import HEAD, PARENT

#: Stands in for the library, which needs torch: it knows one word, and no other.
LIBRARY = """
LABELS = ("toxicity", "severe_toxicity", "obscene", "threat", "insult", "identity_attack")


class Detoxify:
    def __init__(self, model_type="original", checkpoint=None):
        assert (model_type, checkpoint) == ("unbiased", None)

    def predict(self, texts):
        found = [0.98 if "zibble" in text.lower() else 0.02 for text in texts]
        return {label: [value if label in ("toxicity", "insult") else 0.01 for value in found] for label in LABELS}
"""
NONSENSE = "Tom, you are a zibble and we all know it"


def library_in(folder: Path, source: str) -> str:
    """A search path on which the library `detoxify` is found first."""
    folder.mkdir()
    (folder / "detoxify.py").write_text(source, "utf-8")
    return os.pathsep.join([str(folder), str(Path(__file__).parents[2])])


async def test_one_setting_makes_detoxify_score(tmp_path: Path) -> None:
    path = library_in(tmp_path / "library", LIBRARY)
    async with classroom(tmp_path, PARENT, SCHOOLGATE_ENGINE="detoxify", PYTHONPATH=path) as day:
        await day.say(PARENT, ABUSE)
        await day.settled()
        assert await alerts(day, HEAD) == [], "the built-in model would have flagged it"
        await day.say(PARENT, NONSENSE)
        await day.settled()
        alert = await only_alert(day, HEAD)
        assert NONSENSE in alert["text"]
        assert "“zibble”" in alert["text"]
