"""A fake engine whose scores follow from the words alone, and a school to screen for."""

from collections.abc import Mapping, Sequence

from moderation.engine import EngineFailed, Prepared
from moderation.vocabulary import Clause, Concern, Role, Roster, RosterPerson, Scores, Sender

CLAUSES = dict.fromkeys(Clause, 0.0)
ABUSE = (Clause.ABUSE_TO_PARENT, Clause.ABUSE_ABOUT, Clause.ABUSE_TO_STAFF)
WEIGHTS: Mapping[str, float] = {"clown": 0.7, "muppet": 0.6, "useless": 0.3}

PEOPLE: tuple[tuple[str, Role], ...] = (
    ("Mrs Karen Dickinson", Role.HEADTEACHER),
    ("Mr James Okafor", Role.TEACHER),
    ("Mrs Gill Hussain", Role.OFFICE),
    ("Mr Dave Cockburn", Role.STAFF),
    ("Tom Wicks", Role.PARENT),
    ("Becky Lowe", Role.CLASS_REP),
    ("Agnieszka Nowak", Role.PARENT),
    ("Rob Fairclough", Role.PARENT),
    ("Dawn Slagg", Role.PARENT),
)
ROSTER = Roster(
    tuple(
        RosterPerson(name, frozenset({role}), children=("Alfie", "Maya") if name == "Tom Wicks" else ())
        for name, role in PEOPLE
    ),
    "Oakfield Primary",
)


def sender(name: str) -> Sender:
    """The registered person of this name, as a sender."""
    return Sender(name, next(person.roles for person in ROSTER.people if person.name == name))


def scores(
    flag: float = 0.0,
    *,
    redirect: float = 0.0,
    concern: float = 0.0,
    toxicity: float | None = None,
    concerns: Mapping[Concern, float] | None = None,
    clauses: Mapping[Clause, float] | None = None,
) -> Scores:
    """Scores with zeros where nothing is said."""
    return Scores(
        toxicity=flag if toxicity is None else toxicity,
        redirect=redirect,
        flag=flag,
        concern=concern,
        clauses=CLAUSES | dict(clauses or {}),
        concerns=dict(concerns or {}),
    )


class WordEngine:
    """Flags by `WEIGHTS`; "grumble" redirects, "bruises" concerns; "poison" breaks, "nonsense" gives no number."""

    name = "words"
    version = "1"

    def __init__(self) -> None:
        self.batches: list[list[Prepared]] = []

    def score(self, prepared: Sequence[Prepared]) -> list[Scores]:
        """Return scores that fall whenever a weighty word is taken out."""
        self.batches.append(list(prepared))
        if any("poison" in one.text for one in prepared):
            raise EngineFailed("words: poisoned")
        return [self._one(one.text.lower()) for one in prepared]

    def _one(self, text: str) -> Scores:
        clean = 1.0
        for word, weight in WEIGHTS.items():
            clean *= (1 - weight) ** (word in text)
        flag = float("nan") if "nonsense" in text else 1 - clean
        return scores(
            flag,
            redirect=0.9 if "grumble" in text else 0.0,
            concern=0.9 if "bruises" in text else 0.0,
            concerns={Concern.NONE: 0.1, Concern.CHILD: 0.9},
            clauses=dict.fromkeys(ABUSE, flag),
        )
