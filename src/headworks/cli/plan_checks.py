"""What `headworks plan` is asked for, checked before long work: all faults are told together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.cli.also import load_all, tell_all_remarks
from headworks.cli.from_ledger import balances_as_known, ledger_files
from headworks.cli.options import check_outputs
from headworks.errors import Door
from headworks.flow.executor import check_executor
from headworks.planning.checks import check_scenario, check_terms
from headworks.planning.named import check_lines, named_scenarios
from headworks.planning.programme.folder import check_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from headworks.flow.balances import Balance
    from headworks.planning.effort import Effort
    from headworks.planning.problem import Risk
    from headworks.planning.response.histories import Named
    from headworks.scenario.scenario import Scenario


def ready(  # noqa: PLR0913 - what the command line says, all by name
    base: str,
    *,
    companies: Sequence[str],
    also: Sequence[str],
    pairs: Sequence[str],
    from_ledger: str | None,
    effort: Effort,
    risk: Risk,
    window: int | None,
    objective: str,
    served_min: float,
    seed: int,
    report: Path | None,
    export: Path | None,
    executor: str,
) -> tuple[Scenario, dict[str, Scenario], list[Balance]]:
    """Return the scenario of a plan, those besides it, and what a ledger says that lines have.

    Raises:
        InputError: Something that the command line says cannot be used; all faults are listed.
    """
    found = load_all(base, also, pairs)
    own = found.own
    balances: list[Balance] = []
    named: tuple[Named, ...] = ()
    door = Door()
    with door.checking():
        found.check()
    if own is not None:
        with door.checking():
            check_scenario(own, companies, found.unsaid)
        with door.checking():
            named = named_scenarios(own, found.others, worst_case=risk.worst_case)
    with door.checking():
        check_terms(
            effort, risk, window_months=window, objective=objective, served_min=served_min,
            seed=seed,
        )  # fmt: skip
    with door.checking():
        check_executor(executor)
    with door.checking():
        _check_files([*found.files, *ledger_files(from_ledger)], report, export)
    if from_ledger is not None:
        with door.checking():
            balances = balances_as_known(from_ledger, found.settled)
    # The plan itself checks this too, once nothing else is wrong.
    if own is not None and door.is_shut and found.is_settled:
        with door.checking():
            check_lines(own, companies, named)
    door.close()
    tell_all_remarks(base, also, pairs, found)
    return found.scenario(), found.others, balances


def _check_files(read: Sequence[Path], report: Path | None, export: Path | None) -> None:
    """Check that a page and a programme can be written.

    Raises:
        InputError: One of them cannot; the faults of both are listed.
    """
    door = Door()
    with door.checking():
        check_outputs(read, {"--report": report})
    if export is not None:
        with door.checking():
            apart = [*read, *([] if report is None else [report])]
            check_folder(export, option="--export", apart=apart)
    door.close()
