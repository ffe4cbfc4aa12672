"""Settings come from SCHOOLGATE_ variables over a file; what is unknown is refused by name."""

import re
import tomllib
from pathlib import Path

import pytest

from config.errors import MalformedFile, SettingsError
from config.settings import Settings
from config.sources import load_settings, settings_file

SAMPLE = Path(__file__).parents[2] / "schoolgate.sample.toml"


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_file_and_variables_there_are_defaults() -> None:
    assert settings_file() is None
    assert load_settings() == Settings()


def test_a_file_in_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "schoolgate.toml").write_text('controller = "Oakfield"\nsweep_seconds = 2\n')
    loaded = load_settings()
    assert (loaded.controller, loaded.sweep_seconds) == ("Oakfield", 2)


def test_a_variable_counts_more_than_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schoolgate.toml").write_text('controller = "file"\noffice_contact = "file"\n')
    monkeypatch.setenv("SCHOOLGATE_CONTROLLER", "variable")
    monkeypatch.setenv("SCHOOLGATE_OFFICE_CONTACT", "")
    loaded = load_settings()
    assert (loaded.controller, loaded.office_contact) == ("variable", "file")


def test_the_file_named_on_the_command_line_counts_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("schoolgate", "variable", "option"):
        (tmp_path / f"{name}.toml").write_text(f'controller = "{name}"')
    assert load_settings().controller == "schoolgate"
    monkeypatch.setenv("SCHOOLGATE_CONFIG", "variable.toml")
    assert load_settings().controller == "variable"
    assert load_settings(Path("option.toml")).controller == "option"


def test_a_file_that_was_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_CONFIG", "elsewhere.toml")
    with pytest.raises(MalformedFile, match=r"elsewhere\.toml does not exist"):
        load_settings()


def test_an_unknown_key_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "schoolgate.toml").write_text('controler = "x"\nqqq = 1\n')
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.problems == (
        "schoolgate.toml: 'controler' is not a setting. Did you mean 'controller'?",
        "schoolgate.toml: 'qqq' is not a setting.",
    )


def test_an_unknown_variable_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLGATE_TELEGRAM_TOKE", "123:secret")
    with pytest.raises(SettingsError, match="Did you mean 'SCHOOLGATE_TELEGRAM_TOKEN'") as caught:
        load_settings()
    assert "secret" not in str(caught.value)


def test_all_bad_values_are_named_at_once_with_their_places_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "schoolgate.toml").write_text('telegram_token = "hunter2"\nengine = "hunter2"\n')
    monkeypatch.setenv("SCHOOLGATE_SWEEP_SECONDS", "hunter2")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    lines = caught.value.problems
    assert len(lines) == 3
    assert lines[0].startswith("schoolgate.toml: telegram_token: must be what BotFather gave")
    assert lines[1].startswith("schoolgate.toml: engine: ")
    assert lines[2].startswith("SCHOOLGATE_SWEEP_SECONDS: ")
    assert "hunter2" not in str(caught.value)


def test_a_movable_clock_with_the_real_telegram_is_refused_in_plain_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCHOOLGATE_CLOCK", "file:offset")
    with pytest.raises(SettingsError, match=r"^clock: a clock that can be moved is for rehearsals"):
        load_settings()


def test_the_sample_file_loads_as_it_is_and_sets_nothing() -> None:
    assert load_settings(SAMPLE) == Settings()


def test_the_sample_file_explains_every_setting_and_each_line_of_it_loads(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    uncommented = re.sub(r"(?m)^# (\w+ = )", r"\1", text)
    assert set(tomllib.loads(uncommented)) == set(Settings.model_fields)
    for line, before in zip(uncommented.splitlines()[1:], uncommented.splitlines(), strict=False):
        if re.match(r"\w+ = ", line):
            assert before.startswith("# "), f"{line} has no explanation"
    (tmp_path / "all.toml").write_text(uncommented, encoding="utf-8")
    assert load_settings(tmp_path / "all.toml").controller == "Oakfield Primary School"


def test_the_sample_file_shows_the_real_defaults() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    shown = tomllib.loads(re.sub(r"(?m)^# (\w+ = )", r"\1", text))
    for name, field in Settings.model_fields.items():
        default = str(field.default) if isinstance(field.default, Path) else field.default
        if default not in ("", None):
            assert shown[name] == default, name
