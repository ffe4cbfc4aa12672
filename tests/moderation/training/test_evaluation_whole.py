"""The whole report on a tiny corpus with an engine that knows two words."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from moderation.engine import EngineFailed, Prepared
from moderation.engines import load_engine
from moderation.screening import screen
from moderation.training.evaluation import columns
from moderation.training.evaluation.__main__ import main
from moderation.training.evaluation.cases import Absent, read_dev, read_part
from moderation.training.evaluation.column import ColumnMissing
from moderation.training.evaluation.columns import Opening, PathColumn, open_detoxify, read_policy
from moderation.training.evaluation.cost import measure
from moderation.training.evaluation.cost_worker import peak_resident
from moderation.training.evaluation.reading import Readings
from moderation.training.evaluation.run import Options, Run, asked
from moderation.training.evaluation.untrained import vocabulary
from moderation.training.evaluation.words import WordsColumn
from moderation.training.split import Part
from moderation.vocabulary import Clause, Outcome, Scores

ROSTER = "name,role,class,child\nMrs Ann Lee,headteacher,,\nJo Kerrigan,parent,Elm,Samira\nPia Holt,parent,Elm,\n"


class _TwoWords:
    """Says flag for "idiot" and concern for "hurt", and counts what it is asked."""

    name, version = "builtin", "two words"

    def __init__(self) -> None:
        self.asked: list[int] = []

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        self.asked.append(len(prepared))
        return [self._one(one.text.lower()) for one in prepared]

    def _one(self, text: str) -> Scores:
        flag, concern = (0.9 if "idiot" in text else 0.05), (0.9 if "hurt" in text else 0.02)
        clauses = {**dict.fromkeys(Clause, 0.01), Clause.ABUSE_TO_PARENT: flag}
        return Scores(flag, 0.03, flag, concern, clauses)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number in range(8):
        one = f"{name}-c{number}"
        rows += [
            {"text": f"you are an idiot Jo number {number}", "decision": "flag", "clauses": ["4.1a"], "severity": 1},
            {"text": f"what an idiot I am, {number} coats lost", "decision": "ok", "tags": ["banter"]},
            {"text": f"thanks everyone, see Samira at {number}", "decision": "ok", "tags": ["everyday"]},
            {"text": f"a man hurt the child by the gate {number}", "decision": "ok", "concern": "child"},
            {"text": f"I will find you tonight {number}", "decision": "flag", "clauses": ["3.4t"], "severity": 3},
        ]
        for row in rows[-5:]:
            row["conversation"] = one
    rows.append({"text": "idiot", "sender": "staff:Mrs Ann Lee", "decision": "ok"})
    return [{"id": f"{name}-{at:03}", **row} for at, row in enumerate(rows)]


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A folder with a corpus of a test and a training batch, and a folder of test sets."""
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    corpus.mkdir()
    data.mkdir()
    for name in ("one-03", "one-04"):
        _write(corpus / f"{name}.jsonl", _rows(name))
        (corpus / f"{name}.roster.csv").write_text(ROSTER, encoding="utf-8")
    _write(data / "dev.jsonl", _rows("dev")[:10])
    (data / "roster.csv").write_text(ROSTER, encoding="utf-8")
    hate = [
        {"text": f"{word} {at}", "hateful": at % 2, "functionality": word} for at in range(6) for word in ("a", "b")
    ]
    toxic = [{"text": "idiot" if at % 2 else "cake", "toxic": at % 2} for at in range(6)]
    for name, rows in (("hatecheck", hate), ("surge_toxicity", toxic)):
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        (data / f"{name}.jsonl.gz").write_bytes(gzip.compress(content))
    return tmp_path


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> _TwoWords:
    made = _TwoWords()
    monkeypatch.setattr(columns, "load_engine", lambda name, **_: made)
    monkeypatch.setattr(columns, "open_stages", lambda: {"small": made})
    monkeypatch.setattr(columns, "open_alt_profanity_check", _absent)
    monkeypatch.setattr(columns, "open_better_profanity", _shouting)
    return made


def _absent() -> WordsColumn:
    raise ColumnMissing("alt-profanity-check is not installed")


def _shouting() -> WordsColumn:
    return WordsColumn("better-profanity", "1", lambda texts: [float("idiot" in text) for text in texts], ranks=False)


def _arguments(school: Path, *more: str) -> list[str]:
    return ["--data", str(school / "data"), "--corpus", str(school / "corpus"), "--draws", "30", *more]


def test_one_report_holds_everything(school: Path, engine: _TwoWords, capsys: pytest.CaptureFixture[str]) -> None:
    out = school / "out"
    everything = "dev,part,pairs,slices,hatecheck,surge,evasions,renaming,pictures,errors"
    assert main(_arguments(school, "--out", str(out), "--only", everything, "--errors", "3")) == 0
    report = json.loads((out / "evaluation.json").read_text(encoding="utf-8"))
    sections = {one["key"]: one for one in report["sections"]}
    assert not [one["skipped"] for one in sections.values() if one["skipped"]]
    assert set(sections) == {
        "dev", "test", "pairs", "slices", "hatecheck", "surge", "evasions", "evasions-harmless", "renaming",
    }  # fmt: skip
    assert report["columns"] == ["builtin", "stage small", "better-profanity"]
    assert "alt-profanity-check" in report["missing"]
    assert "weights not present" in report["missing"]["detoxify"]
    recall = next(row for row in sections["test"]["rows"] if row["label"] == "flag recall")
    assert recall["values"]["builtin"]["value"] == 0.5
    assert recall["values"]["builtin"]["low"] <= 0.5 <= recall["values"]["builtin"]["high"]
    unchanged = [row for row in sections["renaming"]["rows"] if row["label"].startswith("unchanged")]
    assert len(unchanged) >= 9
    assert all(row["values"]["builtin"]["value"] == 1 for row in unchanged)
    assert "stage small" not in unchanged[0]["values"]
    assert {one["id"] for one in report["facts"]["worst_errors"]} <= {row["id"] for row in _rows("one-03")}
    for name in report["pictures"]:
        assert (out / name).read_bytes().startswith(b"\x89PNG")
    page = (out / "evaluation.md").read_text(encoding="utf-8")
    assert "| flag recall |" in page
    told = capsys.readouterr().out
    assert "recall lost" in told
    for text in ("coats lost", "find you tonight", "hurt the child"):
        assert text not in page + json.dumps(report) + told


def test_texts_of_errors_are_shown_on_the_terminal_alone(
    school: Path, engine: _TwoWords, capsys: pytest.CaptureFixture[str]
) -> None:
    out = school / "out"
    arguments = _arguments(school, "--out", str(out), "--only", "errors", "--errors", "2", "--show-texts")
    assert main(arguments) == 0
    assert "find you" in capsys.readouterr().out
    assert "find you" not in (out / "evaluation.json").read_text(encoding="utf-8")


def test_what_is_not_there_is_told_and_the_rest_goes_on(
    school: Path, engine: _TwoWords, capsys: pytest.CaptureFixture[str]
) -> None:
    (school / "data" / "dev.jsonl").unlink()
    (school / "data" / "surge_toxicity.jsonl.gz").write_bytes(gzip.compress(b"no json\n"))
    assert main(_arguments(school, "--only", "dev,surge,part")) == 0
    told = capsys.readouterr().out
    assert "dev: skipped" in told
    assert "line 1: this is not a JSON object" in told
    assert "flag recall" in told


def test_a_fault_of_ours_takes_no_other_section_with_it(
    school: Path, engine: _TwoWords, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(_rows("one-03")[0]["text"])

    monkeypatch.setattr("moderation.training.evaluation.sections.near_pairs", broken)
    assert main(_arguments(school, "--only", "pairs,part")) == 0
    told = capsys.readouterr().out
    assert "pairs: skipped: ValueError" in told
    assert "you are an idiot" not in told
    assert main(_arguments(school, "--only", "pairs")) == 1


def test_an_unknown_section_is_refused(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(_arguments(school, "--only", "weather"))
    assert "there is no section weather" in capsys.readouterr().err


def test_without_our_engine_there_is_nothing_to_measure(
    school: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(name: str) -> None:
        raise EngineFailed("builtin: the model is not there")

    monkeypatch.setattr(columns, "load_engine", fail)
    assert main(_arguments(school)) == 1
    assert "the model is not there" in capsys.readouterr().out


def test_our_column_judges_as_the_product_does(school: Path) -> None:
    cases = [*read_dev(school / "data"), *read_part(Part.TEST, school / "corpus")]
    engine, policy = load_engine("builtin"), read_policy()
    found = PathColumn("ours", engine, policy, Readings()).verdicts(asked(cases))
    for case, verdict in zip(cases, found, strict=True):
        (screened,) = screen([case.utterance], engine=engine, policy=policy, roster=case.roster)
        assert not hasattr(screened, "reason")
        for name in ("outcome", "clauses", "severity", "concern", "meant"):
            assert getattr(screened, name) == getattr(verdict, name)


def test_a_text_that_comes_again_is_scored_once_and_in_large_batches(school: Path, engine: _TwoWords) -> None:
    cases = read_part(Part.TEST, school / "corpus")
    column = PathColumn("ours", engine, read_policy(), Readings())
    first = column.verdicts(asked(cases))
    assert engine.asked == [len(cases)]
    assert column.verdicts(asked(cases)) == first
    assert engine.asked == [len(cases)]


def test_messages_read_by_several_processes_are_read_the_same(school: Path) -> None:
    case = read_part(Part.TEST, school / "corpus")[0]
    many = [(type(case.utterance)(f"{case.utterance.text} {at}"), case.roster) for at in range(420)]
    assert Readings(2).of(many) == Readings().of(many)


def test_staff_are_spared_by_every_column(school: Path) -> None:
    rows = _rows("dev")
    _write(school / "data" / "dev.jsonl", rows[-1:])
    (verdict,) = _shouting().verdicts(asked(read_dev(school / "data")))
    assert verdict.outcome is Outcome.OK


def test_the_cost_of_our_engine_is_measured_in_a_process_of_its_own(school: Path) -> None:
    run = Run(Options(data=school / "data", corpus=school / "corpus"), [])
    found = measure("builtin", run)
    assert 0 < found["engine"]["p50"] <= found["engine"]["p95"]
    assert found["path"]["p50"] > 0
    assert found["engine_per_s"] > 1
    assert 10 < found["resident_mb"] <= found["resident_after_mb"] < 4_000
    assert found["files_mb"] > 0.1
    assert {"normalise", "mask names", "legibility, policy"} <= set(found["parts"])
    assert peak_resident() > 1e7


def test_an_empty_part_and_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Absent, match="holds no message"):
        read_part(Part.TEST, tmp_path)
    with pytest.raises(ColumnMissing, match="weights not present"):
        open_detoxify("detoxify", Opening())
    with pytest.raises(ColumnMissing, match="SHA-256"):
        open_detoxify("detoxify", Opening(detoxify=tmp_path / "none.ckpt"))


def test_the_vocabulary_of_an_untrained_bert_is_as_large_as_asked() -> None:
    found = vocabulary(5_000)
    assert len(found) == len(set(found)) == 5_000
    assert found[0] == "[PAD]"
