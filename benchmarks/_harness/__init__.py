"""The framework of the cases: it runs each client in a new process for each round and compares the results.

    layer 0   case, meter, gaps     definition of a case; measurements inside the process of a client
              traces                open sockets and memory of a process
    layer 1   child                 the process of a client: one case, one client, one round
              server                the synthetic daemon, in a separate process
    layer 2   report                results of a case, as figures and as JSON
              runner                starts the processes and compares the clients' results
    layer 3   table, charts, pages  presentation of the results
    layer 4   main                  the command line

A case is a module of ``benchmarks`` whose constant `CASE` describes it.
"""

from benchmarks._harness.case import Case, Client, Goal, Size
from benchmarks._harness.gaps import Gaps
from benchmarks._harness.meter import Meter

__all__ = ["Case", "Client", "Gaps", "Goal", "Meter", "Size", "run"]


def run(case: Case) -> None:
    """Run a single case with the options of the command line, then exit; status 0 if all clients had the same result."""
    from benchmarks._harness.main import main  # not needed in the process of a client

    raise SystemExit(main(only=case))
