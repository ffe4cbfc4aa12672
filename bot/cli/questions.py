"""What `schoolgate init` asks, and how an answer is checked: by the very rules that the settings have."""

from dataclasses import dataclass

from pydantic import ValidationError

from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `setting` is the key it fills in; `example` shows the form of an answer."""

    setting: str
    words: str
    example: str
    why: str


QUESTIONS = (
    Question(
        "telegram_token",
        "The bot's token from BotFather",
        "123456789:AbC...",
        "In Telegram, write /newbot to @BotFather. Whoever has the token is the bot: keep it to yourself. "
        "Leave it empty to give it later as the variable SCHOOLGATE_TELEGRAM_TOKEN.",
    ),
    Question(
        "controller",
        "The data controller: the school or the trust",
        "Oakfield Primary School",
        "Who answers for the data, by law.",
    ),
    Question(
        "data_protection_contact",
        "How to reach the data protection officer",
        "dpo@school.example",
        "Shown to parents in the privacy notice.",
    ),
    Question(
        "privacy_notice_url",
        "Web address of the school's privacy notice",
        "https://school.example/privacy",
        "Parents read it before they agree.",
    ),
    Question(
        "complaints_url",
        "Web address of the Complaints Policy",
        "https://school.example/complaints",
        "A parent with a grievance is pointed there, privately.",
    ),
    Question(
        "complaints_contact",
        "Whom to talk to first about a complaint",
        "the class teacher, then the school office",
        "In a few words. May be left empty.",
    ),
    Question(
        "office_contact",
        "How parents reach the school office",
        "01632 960000",
        "Shown when a group is closed or somebody is turned away. May be left empty.",
    ),
    Question(
        "timezone",
        "The time zone",
        "Europe/London",
        "For showing times.",
    ),
)


def tidy(answer: str) -> str:
    """An answer on one line, without spaces around it or control characters in it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in answer).split())


def problem_with(setting: str, answer: str) -> str:
    """What is wrong with `answer` as a sentence; empty when it can be used, as an empty answer always can."""
    if not answer:
        return ""
    try:
        Settings.model_validate({setting: answer})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"This {first['msg'].removeprefix('Value error, ')}."
    return ""
