"""How long each notebook takes, executed as ``run`` does it."""

from labutils.bench.measure import Row
from labutils.bootstrap import ROOT

GROUP = "Notebooks"


def rows(rounds, quick):
    """Yield a Row for each notebook; once each, and with ``quick`` the first one alone."""
    from labutils.execution import execute

    paths = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    for path in paths[:1] if quick else paths:
        execution = execute(path, cell_seconds=600)
        note = f"failed, {execution.failure}" if execution.failure else ""
        yield Row(GROUP, execution.name, [execution.seconds], note=note)
