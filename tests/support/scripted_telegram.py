"""Telegram as a script: the transport under the real bot, which answers each method as a test says."""

import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from telegram.request import BaseRequest, RequestData

SENT = {"message_id": 55, "date": 1767268800, "chat": {"id": 7, "type": "private"}}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of Telegram's: a result, or a refusal with its code."""

    result: Any = True
    code: int = 200
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)

    def body(self) -> bytes:
        """The answer as it travels."""
        if self.code == 200:
            return json.dumps({"ok": True, "result": self.result}).encode()
        refusal = {"ok": False, "error_code": self.code, "description": self.description}
        return json.dumps(refusal | ({"parameters": self.parameters} if self.parameters else {})).encode()


class ScriptedTelegram(BaseRequest):
    """Answers by script, else with success; remembers every call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._script: defaultdict[str, deque[Answer | Exception]] = defaultdict(deque)

    def next(self, method: str, *answers: Answer | Exception) -> None:
        """The next calls of a method are answered so."""
        self._script[method].extend(answers)

    def named(self, method: str) -> list[dict[str, Any]]:
        """The parameters of the calls of one method."""
        return [params for name, params in self.calls if name == method]

    @property
    def read_timeout(self) -> float | None:
        """Nothing here takes time."""
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """The scripted answer, or success."""
        name = url.rsplit("/", 1)[-1]
        self.calls.append((name, dict(request_data.parameters) if request_data else {}))
        script = self._script[name]
        answer = script.popleft() if script else Answer(_USUAL.get(name, True))
        if isinstance(answer, Exception):
            raise answer
        return answer.code, answer.body()


#: What success looks like, where it is more than `true`.
_USUAL: dict[str, Any] = {
    "getMe": {"id": 1, "is_bot": True, "first_name": "Bot", "username": "oakfield_bot"},
    "sendMessage": SENT,
    "editMessageText": SENT,
    "exportChatInviteLink": "https://t.me/+renewed",
    "createChatInviteLink": {
        "invite_link": "https://t.me/+made",
        "creator": {"id": 1, "is_bot": True, "first_name": "Bot"},
        "creates_join_request": True,
        "is_primary": False,
        "is_revoked": False,
    },
}
