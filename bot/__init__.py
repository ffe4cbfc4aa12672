"""Telegram: handlers, rendering, the carrying out of effects, sweeps, the command line, the composition root."""

import os

# python-telegram-bot gives periods as timedelta only when asked to; without it, it warns at each one.
os.environ.setdefault("PTB_TIMEDELTA", "true")
