"""How the bot runs: polling, the dispatch of updates, the carrying out of effects, and sweeps."""
