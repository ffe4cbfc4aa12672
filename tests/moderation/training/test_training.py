import json
from pathlib import Path

import numpy as np
import pytest

from moderation.cases import Labels
from moderation.engine import Prepared
from moderation.engines.builtin import BuiltinEngine
from moderation.engines.weights import HEADS, load, save
from moderation.training.data import Example, PublicText, load_corpus, load_public
from moderation.training.fit import fit_model, platt, truth_of
from moderation.training.unseen import rates
from moderation.vocabulary import Clause, Concern, Outcome, Verdict

ROSTER = "name,role,class,child\nMrs Ann Lee,headteacher,,\nJo Kerr,parent,Elm,Sam\n"


def _write_batch(folder: Path, name: str) -> None:
    rows = []
    for number in range(12):
        rows += [
            {"text": f"you are a horrible idiot {number}", "decision": "flag", "clauses": ["4.1a"]},
            {"text": f"thanks everyone, see you at {number}", "decision": "ok"},
            {"text": f"the fees are a joke again {number}", "decision": "redirect"},
            {"text": f"a man hurt the child by the gate {number}", "decision": "ok", "concern": "child"},
        ]
    rows.append({"text": "Reminder: coats", "sender": "staff:Mrs Ann Lee", "decision": "ok"})
    rows.append({"text": "Mrs Lee is kind", "sender": "parent:Jo Kerr", "decision": "ok"})
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / f"{name}.roster.csv").write_text(ROSTER, encoding="utf-8")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("one-01", "one-02", "two-01"):
        _write_batch(folder, name)
    return load_corpus(folder)


@pytest.fixture(scope="module")
def public() -> list[PublicText]:
    texts = [("what an idiot", True), ("lovely weather", False), ("horrible scum", True), ("nice cake", False)]
    return [
        PublicText(Prepared(f"{text} {n}", f"{text} {n}"), toxic, "made") for n in range(20) for text, toxic in texts
    ]


def test_staff_are_left_out_and_names_are_masked(corpus: list[Example]) -> None:
    assert len(corpus) == 3 * 49
    assert {one.batch for one in corpus} == {"one-01", "one-02", "two-01"}
    assert not any("Lee" in one.prepared.text for one in corpus)
    assert any("headname" in one.prepared.text for one in corpus)


def test_public_texts_are_the_same_part_every_time(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    rows = [{"text": str(n), "toxic": n % 2, "source": "made"} for n in range(50)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert load_public(path, most=10, seed=1) == load_public(path, most=10, seed=1)
    assert load_public(path, most=10, seed=1) != load_public(path, most=10, seed=2)


def test_a_model_learns_what_it_is_shown_and_twice_the_same(
    tmp_path: Path, corpus: list[Example], public: list[PublicText]
) -> None:
    told: list[str] = []
    weights, unseen = fit_model(corpus, public, tell=told.append)
    assert told == ["toxicity", "fold 1", "fold 2", "fold 3", "the whole"]
    assert unseen.shape == (len(corpus), len(HEADS))
    assert weights.version == fit_model(corpus, public, tell=told.append)[0].version
    save(weights, tmp_path / "model.npz")
    engine = BuiltinEngine(load(tmp_path / "model.npz"))
    texts = ["you are a horrible idiot", "thanks everyone", "the fees are a joke", "a man hurt the child"]
    abuse, thanks, fees, hurt = engine.score([Prepared(text, text) for text in texts])
    assert abuse.flag > max(thanks.flag, fees.flag)
    assert fees.redirect > max(thanks.redirect, abuse.redirect)
    assert hurt.concern > max(thanks.concern, abuse.concern)
    assert abuse.toxicity > thanks.toxicity


def test_the_truth_of_a_head_is_what_people_labelled(corpus: list[Example]) -> None:
    assert truth_of(corpus, "flag").sum() == truth_of(corpus, "4.1a").sum() == 36
    assert truth_of(corpus, "child").sum() == truth_of(corpus, "concern").sum() == 36
    assert truth_of(corpus, "3.4t").sum() == 0
    assert isinstance(corpus[0].labels, Labels)


def test_calibration_turns_sums_into_odds() -> None:
    sums = np.linspace(-2, 2, 400)
    slope, intercept = platt(sums, sums > 0.5)
    assert slope > 1
    assert intercept < 0
    assert platt(sums, np.zeros(400, bool)) == (1.0, 0.0)


def test_rates_count_threats_under_any_clause_and_noise_on_quiet_messages() -> None:
    quiet, threat = Labels(Outcome.OK), Labels(Outcome.FLAG, frozenset({Clause.THREAT}))
    judged = [
        (Verdict(Outcome.FLAG, (Clause.ABUSE_ABOUT,)), threat),
        (Verdict(Outcome.OK), threat),
        (Verdict(Outcome.REDIRECT), quiet),
        (Verdict(Outcome.OK, concern=Concern.CHILD), quiet),
        (Verdict(Outcome.OK), Labels(Outcome.OK, concern=Concern.CHILD)),
    ]
    assert list(rates(judged).values()) == [0.5, 0.0, 0.5, 0.5]
