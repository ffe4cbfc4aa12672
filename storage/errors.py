"""What storage refuses or cannot do. One small tree; each carries ids, never a text, a name or a key.

StorageError
├── KeyRefused             the key is missing, badly kept, of the wrong length, or another one
├── SealBroken             a ciphertext was altered, moved, or is not one of ours
├── Erased                 the key of these words was destroyed: they are gone for good
├── DatabaseUnavailable    the database cannot be reached, or its tables are not these
├── AlreadyRunning         another instance holds the lock on this database
├── NotFound               no row of that kind with that id
├── AlreadyExists          a row of that kind is there already
├── AlreadyUsed            a one-time code or a button was used before
├── Expired                a one-time code or a button is past its date
└── Stale                  someone else changed the row first; carries `expected` and `found`
"""


class StorageError(Exception):
    """Base of everything that storage refuses or cannot do."""


class KeyRefused(StorageError):
    """The encryption key cannot be used. The message says why, and what to type."""


class SealBroken(StorageError):
    """A ciphertext does not open in its place: altered, moved to another row or column, or cut short."""

    def __init__(self, where: str, problem: str = "it was altered or belongs elsewhere") -> None:
        super().__init__(f"the ciphertext at {where} does not open: {problem}")
        self.where = where


class DatabaseUnavailable(StorageError):
    """The database cannot be reached, or is not one that this version can work with."""


class AlreadyRunning(StorageError):
    """Another instance of the bot holds the lock on this database."""

    def __init__(self) -> None:
        super().__init__(
            "Schoolgate already runs on this database. Stop it first. If it runs on another computer that has "
            "just failed, wait half a minute and try again."
        )


class _AboutRow(StorageError):
    """An error about one row: its kind ("case", "person") and its id."""

    reason = "cannot be used"

    def __init__(self, kind: str, row_id: object = "") -> None:
        super().__init__(f"{kind} {row_id}".rstrip() + f" {self.reason}")
        self.kind = kind
        self.row_id = row_id


class NotFound(_AboutRow):
    """No row of that kind with that id."""

    reason = "does not exist"


class AlreadyExists(_AboutRow):
    """A row of that kind is there already."""

    reason = "exists already"


class AlreadyUsed(_AboutRow):
    """A one-time code or a button was used before."""

    reason = "was used already"


class Expired(_AboutRow):
    """A one-time code or a button is past its date."""

    reason = "has expired"


class Erased(_AboutRow):
    """The key of these words was destroyed, and the words with it."""

    reason = "was erased"


class Stale(_AboutRow):
    """Someone else changed the row first."""

    reason = "was changed by someone else"

    def __init__(self, kind: str, row_id: object = "", *, expected: int, found: int | None = None) -> None:
        super().__init__(kind, row_id)
        self.expected = expected
        self.found = found
