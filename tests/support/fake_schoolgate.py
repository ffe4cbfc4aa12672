"""Stands in for `schoolgate` in tests of the rehearse command: quick, and it fails on request.

It notes each command in the file `commands`. A file `broken` in its folder makes `roster import` fail with those
words, a file `slow` makes it wait to be ended; a file `dead` makes `run` end at once with status 7.
"""

import csv
import json
import os
import signal
import sys
import urllib.request
from pathlib import Path
from types import FrameType


def main(arguments: list[str]) -> int:
    with Path("commands").open("a") as file:
        file.write(" ".join(arguments[:2]) + "\n")
    if arguments[0] == "school":
        Path("school.db").touch()
        return 0
    return run() if arguments[0] == "run" else import_roster(Path(arguments[2]))


def import_roster(path: Path) -> int:
    if Path("slow").exists():
        Path("waiting").touch()
        signal.pause()
    if Path("broken").exists():
        sys.stderr.write(Path("broken").read_text())
        return 1
    with path.open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    people = [{"name": name, "link": f"https://t.me/some_bot?start=code{at}"} for at, name in enumerate(names)]
    sys.stdout.write(json.dumps({"people": people}))
    return 0


def run() -> int:
    if Path("dead").exists():
        return 7
    signal.signal(signal.SIGTERM, leave)
    address = os.environ["SCHOOLGATE_TELEGRAM_BASE_URL"] + os.environ["SCHOOLGATE_TELEGRAM_TOKEN"]
    while True:
        urllib.request.urlopen(f"{address}/getUpdates?timeout=30").read()  # noqa: S310 - the rehearsal's own address


def leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
