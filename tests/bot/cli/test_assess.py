import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cli.assess import Judges, assess_all, read_file
from bot.cli.main import main
from config.policy import load_policy
from moderation.cases import BadInput
from moderation.engine import EngineFailed, Prepared
from moderation.vocabulary import Clause, Roster, Scores
from tests.support.tiny_onnx import write_folder

ROSTER = "name,role,class,child\nMrs Ann Lee,headteacher,,\nJo Kerr,parent,Elm,Sam\n"
CASES: list[dict[str, Any]] = [
    {"text": "thank you all, see you at the gate"},
    {
        "id": "b",
        "text": "you are a useless idiot and everyone here hates you",
        "sender": "parent:Jo Kerr",
        "decision": "flag",
        "clauses": ["4.1a"],
    },
    {"id": "c", "text": "You are all useless idiots", "sender": "staff:Mrs Ann Lee", "decision": "ok"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("SCHOOLGATE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def _assess(tmp_path: Path, lines: Sequence[Any], *more: str) -> int:
    text = "".join(one if isinstance(one, str) else json.dumps(one) + "\n" for one in lines)
    (tmp_path / "in.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["assess", "--cases", "in.jsonl", "--out", "out.jsonl", "--roster", "roster.csv", *more])
    return int(left.value.code or 0)


def _lines(tmp_path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def test_each_case_gets_a_line_in_order_with_all_its_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _assess(tmp_path, CASES) == 0
    found = _lines(tmp_path)
    assert [one["id"] for one in found] == ["1", "b", "c"]
    assert [one["decision"] for one in found] == ["ok", "flag", "ok"]
    assert set(found[0]["scores"]) == {"toxicity", "redirect", "flag", "concern", *Clause}
    assert all(0 <= score <= 1 for one in found for score in one["scores"].values())
    shown = capsys.readouterr()
    assert "precision" in shown.out
    assert "Scoring" in shown.err


def test_evidence_is_words_of_the_message(tmp_path: Path) -> None:
    _assess(tmp_path, CASES)
    evidence = _lines(tmp_path)[1]["evidence"]
    assert evidence["meant"]["target"]
    assert evidence["words"]
    for word in evidence["words"]:
        assert CASES[1]["text"][word["start"] : word["end"]] == word["text"]


def test_without_labels_there_is_no_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _assess(tmp_path, [{"text": "hello"}]) == 0
    assert capsys.readouterr().out == ""


def test_no_cases_give_an_empty_file(tmp_path: Path) -> None:
    assert _assess(tmp_path, []) == 0
    assert _lines(tmp_path) == []


def test_a_malformed_line_is_named_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _assess(tmp_path, [CASES[0], "{oops\n"]) == 2
    assert "in.jsonl, line 2: this is not a JSON object" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "roster.csv"]


def test_an_unknown_engine_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _assess(tmp_path, CASES, "--engine", "oracle") == 2
    assert "choose one of builtin, detoxify" in capsys.readouterr().err


def test_a_checkpoint_needs_its_own_hash(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _assess(tmp_path, CASES, "--engine", "detoxify", "--checkpoint", "x.ckpt") == 1
    assert "needs its SHA-256" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("engine", ["detoxify", "builtin+detoxify"])
def test_an_exported_folder_scores_without_torch(tmp_path: Path, engine: str) -> None:
    digest = write_folder(tmp_path / "detoxify")
    given = ("--engine", engine, "--detoxify-folder", "detoxify", "--detoxify-sha256", digest)
    assert _assess(tmp_path, CASES, *given) == 0
    fine, rude, staff = _lines(tmp_path)
    assert rude["decision"] == "flag"
    assert fine["scores"]["toxicity"] < rude["scores"]["toxicity"]
    assert staff["decision"] == "ok"


def test_a_folder_that_is_given_counts_instead_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCHOOLGATE_ENGINE", "detoxify")
    monkeypatch.setenv("SCHOOLGATE_DETOXIFY_CHECKPOINT", "x.ckpt")
    monkeypatch.setenv("SCHOOLGATE_DETOXIFY_SHA256", "0" * 64)
    write_folder(tmp_path / "detoxify")
    assert _assess(tmp_path, CASES, "--detoxify-folder", "detoxify") == 0
    assert _assess(tmp_path, CASES, "--detoxify-folder", "detoxify", "--detoxify-sha256", "1" * 64) == 1
    assert "about.json is not the expected file" in capsys.readouterr().err


def test_the_folder_of_the_settings_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_ENGINE", "builtin+detoxify")
    monkeypatch.setenv("SCHOOLGATE_DETOXIFY_FOLDER", "detoxify")
    monkeypatch.setenv("SCHOOLGATE_DETOXIFY_SHA256", write_folder(tmp_path / "detoxify"))
    assert _assess(tmp_path, CASES) == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.jsonl cannot be read"):
        read_file(tmp_path / "gone.jsonl", Roster())


def test_text_that_is_not_utf8_is_named_by_line(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "a"}\n{"text": "\xa3"}\n')
    with pytest.raises(BadInput, match="line 2: this is not UTF-8 text"):
        read_file(tmp_path / "in.jsonl", Roster())


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "a\xe2\x80\xa8b"}')
    assert [case.utterance.text for case in read_file(tmp_path / "in.jsonl", Roster())] == ["a\u2028b"]


class BrokenEngine:
    """Fails on one message, as a model might."""

    name = "broken"
    version = "1"

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        if any("boom" in one.text for one in prepared):
            raise EngineFailed("broken: no")
        return [Scores(0.1, 0.1, 0.1, 0.1, dict.fromkeys(Clause, 0.1)) for _ in prepared]


def _broken() -> Judges:
    return Judges(BrokenEngine(), load_policy(), Roster())


def test_a_case_that_cannot_be_scored_says_so_on_its_line(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "hello there"}\n{"text": "boom goes this", "decision": "ok"}\n')
    judged, failed = assess_all(read_file(tmp_path / "in.jsonl", Roster()), _broken(), tmp_path / "out.jsonl")
    assert (judged, failed) == ([], 1)
    fine, bad = _lines(tmp_path)
    assert fine["decision"] == "ok"
    assert bad["decision"] is None
    assert "boom" not in bad["error"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        assess_all([], _broken(), tmp_path / "gone" / "out.jsonl")


def test_an_output_that_is_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(BadInput, match="cannot be written"):
        assess_all([], _broken(), tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
