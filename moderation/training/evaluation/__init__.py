"""Everything measured side by side: `make evaluate` prints and writes one report (see `__main__`)."""
