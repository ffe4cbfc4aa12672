"""What the installation remembers about itself."""

from datetime import datetime
from pathlib import Path

import pytest

from storage.crypto import MasterKey
from storage.errors import KeyRefused
from storage.store import Store


async def test_a_value_is_kept_and_replaced(store: Store, now: datetime) -> None:
    async with store.transaction("meta", now) as tx:
        assert await tx.meta.get("a") is None
        await tx.meta.put("a", "1")
        await tx.meta.put("a", "zwei")
        assert await tx.meta.get("a") == "zwei"


async def test_names_are_found_by_how_they_begin(store: Store, now: datetime) -> None:
    async with store.transaction("meta", now) as tx:
        for name in ("field:b", "field:a", "fieldx", "other", "field_c"):
            await tx.meta.put(name, "1")
        assert await tx.meta.names("field:") == ["a", "b"]
        assert await tx.meta.names("field_") == ["c"]


async def test_only_the_key_that_was_learnt_passes(
    store: Store, now: datetime, master: MasterKey, tmp_path: Path
) -> None:
    async with store.transaction("meta", now) as tx:
        await tx.meta.check_key(master)
        with pytest.raises(KeyRefused):
            await tx.meta.check_key(MasterKey.generate_file(tmp_path / "other"))
