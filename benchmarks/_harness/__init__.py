"""What the cases stand on: each client in fresh processes, round by round, beside the others.

    floor 0   case, meter, gaps     what a case is; what is measured, inside the process of a client
              traces                sockets and memory of a process
    floor 1   child                 the process of a client: one case, one client, one round
              server                the synthetic daemon, a process of its own
    floor 2   report                results of a case, as figures and as JSON
              runner                starts the processes, holds the clients' results against each other
    floor 3   table, charts, pages  results to look at
    floor 4   main                  the command line

A case is a module of ``benchmarks``, of which `CASE` tells all.
"""

from benchmarks._harness.case import Case, Client, Goal, Size
from benchmarks._harness.gaps import Gaps
from benchmarks._harness.meter import Meter

__all__ = ["Case", "Client", "Gaps", "Goal", "Meter", "Size", "run"]


def run(case: Case) -> None:
    """Run one case alone, with the options on the command line; exits with 0 if all clients did the same."""
    from benchmarks._harness.main import main  # what a client's own process need not load

    raise SystemExit(main(only=case))
