"""How long rows are kept: each kind's `delete_after`, counted from the day it is written.

A year and a day past the school year lets a decision be defended a year later (DESIGN.md, the headteacher).
"""

from datetime import timedelta

CASES = timedelta(days=400)
PEOPLE = timedelta(days=3 * 365)
TRAFFIC = timedelta(days=7)
EFFECTS = timedelta(days=30)
HANDLES = timedelta(days=60)
