"""A world that was kept in a file goes on as it was."""

from itertools import pairwise
from pathlib import Path

from bot.rehearsal.acts import perform
from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.school import School, build_world, load_school
from bot.rehearsal.snapshot import restore_world, save_world
from bot.rehearsal.view import state
from bot.rehearsal.world import World


def lived(folder: Path) -> tuple[School, World]:
    school = load_school()
    world = build_world(school, RehearsalClock(folder / "clock"))
    becky, priya = school.id_of("Becky Lowe"), school.id_of("Priya Nair")
    group = next(iter(world.chats))
    perform(world, becky, "add_bot", {"chat": group})
    perform(world, becky, "promote", {"chat": group, "user": world.bot.id, "rights": "all"})
    perform(world, becky, "approve_new", {"chat": group, "on": True})
    perform(world, priya, "photo", {"chat": group, "caption": "Look"})
    perform(world, priya, "start", {"payload": "abc"})
    perform(world, school.id_of("Kev Marsh"), "open", {"link": world.chats[group].links[0].url})
    return school, world


def restored(world: World, folder: Path) -> World:
    save_world(world, folder / "world.json")
    again = restore_world(folder / "world.json", RehearsalClock(folder / "clock"))
    assert again is not None
    return again


def test_everybody_sees_what_they_saw_before(tmp_path: Path) -> None:
    school, world = lived(tmp_path)
    again = restored(world, tmp_path)
    for account in school.accounts:
        before, after = state(world, account.id), state(again, account.id)
        assert after["me"] == before["me"]
        assert after["people"] == before["people"]


def test_pictures_are_kept(tmp_path: Path) -> None:
    _, world = lived(tmp_path)
    again = restored(world, tmp_path)
    assert {key: file.data for key, file in again.files.items()} == {k: f.data for k, f in world.files.items()}


def test_numbers_go_on_above_all_that_were_given_out(tmp_path: Path) -> None:
    school, world = lived(tmp_path)
    group = next(iter(world.chats))
    given = [update["update_id"] for update in world.updates.pending]
    again = restored(world, tmp_path)
    assert [update["update_id"] for update in again.updates.pending] == given
    priya = school.id_of("Priya Nair")
    said = [perform(again, priya, "write", {"chat": where, "text": "Back"})["message"] for where in (group, priya)]
    assert said[0] > max(world.chats[group].posts)
    assert said[1] > max(world.chats[priya].posts)
    ids = [update["update_id"] for update in again.updates.pending]
    assert all(before < after for before, after in pairwise(ids))
    assert len(ids) == len(given) + 2


def test_a_request_to_join_still_holds_the_link_it_came_by(tmp_path: Path) -> None:
    _, world = lived(tmp_path)
    again = restored(world, tmp_path)
    group = again.chats[next(iter(world.chats))]
    (request,) = group.requests.values()
    assert request.link is group.links[0]


def test_a_file_that_is_missing_or_spoilt_gives_no_world(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path / "clock")
    assert restore_world(tmp_path / "world.json", clock) is None
    (tmp_path / "world.json").write_text('{"people": ')
    assert restore_world(tmp_path / "world.json", clock) is None
