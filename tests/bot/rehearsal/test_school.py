"""The sample school: what the brief promises of it, and a world that begins as a school would find it."""

import csv
from pathlib import Path

import pytest

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.school import ROSTER, build_world, load_school, roster_names
from bot.rehearsal.world import World
from config.settings import Settings


@pytest.fixture
def world(tmp_path: Path) -> World:
    return build_world(load_school(), RehearsalClock(tmp_path / "clock"))


def roles() -> dict[str, set[str]]:
    with ROSTER.open(encoding="utf-8", newline="") as file:
        return {row["name"]: set(row["role"].split(";")) for row in csv.DictReader(file)}


@pytest.mark.parametrize("role", ["headteacher", "dsl", "chair", "teacher", "office", "class_rep"])
def test_the_school_has_somebody_in_each_role(role: str) -> None:
    assert any(role in held for held in roles().values())


def test_six_parents_are_parents_alone() -> None:
    assert sum(held == {"parent"} for held in roles().values()) == 6


def test_everybody_on_the_roster_has_a_phone_and_one_stranger_is_not_on_it() -> None:
    with_phone = [account.name for account in load_school().accounts]
    assert [name for name in with_phone if name not in roster_names()] == ["Kev Marsh"]
    assert set(roster_names()) < set(with_phone)


def test_the_class_group_is_a_supergroup_of_the_class_reps_without_the_bot(world: World) -> None:
    school = load_school()
    (group,) = [chat for chat in world.chats.values() if chat.type != "private"]
    assert (group.type, group.title) == ("supergroup", "Willow (Year 3)")
    assert world.member(group, school.id_of("Becky Lowe")).status == "creator"
    assert world.member(group, world.bot.id).status == "left"
    assert group.links


def test_some_parents_are_in_the_group_and_some_are_not_yet(world: World) -> None:
    school = load_school()
    (group,) = [chat for chat in world.chats.values() if chat.type != "private"]
    parents = [name for name, held in roles().items() if "parent" in held]
    inside = [name for name in parents if world.member(group, school.id_of(name)).status != "left"]
    assert 1 < len(inside) < len(parents)


def test_what_was_said_before_never_reaches_the_bot(world: World) -> None:
    (group,) = [chat for chat in world.chats.values() if chat.type != "private"]
    assert group.posts
    assert world.updates.pending == []


def test_nobody_can_be_found_who_is_not_there() -> None:
    with pytest.raises(KeyError):
        load_school().id_of("Nobody Atall")


def test_the_schools_settings_are_settings_that_the_bot_knows() -> None:
    assert Settings.model_validate(load_school().settings).controller == "Oakfield Primary"
