"""What the installation remembers about itself: the key check, and what was done once."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.crypto import MasterKey
from storage.tables import MetaRow

#: Under this name lies what tells a wrong key from the right one.
KEY_CHECK = "key-check"


class Meta:
    """Named values that belong to nobody."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, name: str) -> str | None:
        """The value kept under a name."""
        row = await self._session.get(MetaRow, name)
        return row.value.decode() if row else None

    async def put(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        await self._session.merge(MetaRow(name=name, value=value.encode()))

    async def names(self, prefix: str) -> list[str]:
        """What is kept under names that begin so, without the beginning, in order."""
        rows = await self._session.scalars(select(MetaRow.name).where(MetaRow.name.startswith(prefix, autoescape=True)))
        return sorted(name.removeprefix(prefix) for name in rows)

    async def check_key(self, master: MasterKey) -> None:
        """Make sure that the key is the one this database was made with; a new database learns it.

        Raises:
            KeyRefused: it is another key.
        """
        row = await self._session.get(MetaRow, KEY_CHECK)
        if row is None:
            self._session.add(MetaRow(name=KEY_CHECK, value=master.key_check()))
        else:
            master.verify(row.value)
