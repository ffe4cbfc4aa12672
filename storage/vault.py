"""Which key seals what: the installation's for updates in transit, a school's for people, a case's for its words.

School keys are unwrapped once and kept in memory; a case's key is unwrapped where its row is read, and a
destroyed one (NULL) means that the words are erased.
"""

from storage.crypto import DataKey, MasterKey, Sealed
from storage.errors import Erased

_SCHOOL = "school/{id}/key_wrapped"
_CASE = "case/{id}/key_wrapped"


class Vault:
    """Makes, wraps and unwraps keys. Holds no text."""

    def __init__(self, master: MasterKey) -> None:
        self._master = master
        self._schools: dict[str, DataKey] = {}
        self.installation = Sealed(DataKey(master.derive(b"schoolgate installation")))

    def new_school_key(self, school_id: str) -> bytes:
        """A fresh key for a school, wrapped by the master key."""
        key = DataKey.generate()
        self._schools[school_id] = key
        return self._master.wrap(key, where=_SCHOOL.format(id=school_id))

    def learn_school(self, school_id: str, wrapped: bytes) -> None:
        """Unwrap a school's key and remember it.

        Raises:
            KeyRefused: another master key wrapped it.
        """
        if school_id not in self._schools:
            self._schools[school_id] = self._master.unwrap(wrapped, where=_SCHOOL.format(id=school_id))

    def knows(self, school_id: str) -> bool:
        """Whether the school's key has been unwrapped already."""
        return school_id in self._schools

    def school(self, school_id: str) -> Sealed:
        """Seals and opens by the school's key, which must have been learnt."""
        return Sealed(self._schools[school_id])

    def new_case_key(self, school_id: str, case_id: str) -> tuple[bytes, Sealed]:
        """A fresh key for a case: wrapped by the school's, and ready to seal."""
        key = DataKey.generate()
        return self._schools[school_id].wrap(key, where=_CASE.format(id=case_id)), Sealed(key)

    def case(self, school_id: str, case_id: str, wrapped: bytes | None) -> Sealed:
        """Seals and opens by a case's key.

        Raises:
            Erased: the key was destroyed.
        """
        if wrapped is None:
            raise Erased("case", case_id)
        return Sealed(self._schools[school_id].unwrap(wrapped, where=_CASE.format(id=case_id)))
