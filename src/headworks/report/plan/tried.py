"""The sections of what was tried on fresh paths: policies, and what to find out, by scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.report.content import Cell, Chart, Column, Content, Table, View

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from headworks.report.plan.shown import GateWorth, PlanShown, PolicyShown, TriedShown

GATES_SHOWN = 8
"""Gates that are drawn."""
Z95 = 1.6448536269514722
"""The standard normal score of the 95th percentile."""
OUTCOMES = 4
"""Columns of what a policy comes to: the mean and three quantiles."""
SCENARIO = Column("scenario", "Scenario", "text")


def information(plan: PlanShown) -> Content | None:
    """Return what is worth finding out before ordering, the dearest first, in each scenario."""
    told = [one for one in plan.tried if one.information]
    if not told:
        return None
    several = len(plan.tried) > 1
    rows: list[tuple[Cell, ...]] = []
    for one in told:
        rows += [(*_of(one, several=several), *_gate(gate)) for gate in _ranked(one)[:GATES_SHOWN]]
    columns = (
        *((SCENARIO,) if several else ()),
        Column("gate", "Gate", "text"),
        Column("mean", f"Worth, {plan.unit}"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
    )
    silent = [one.scenario for one in plan.tried if not one.information]
    chart = Chart(
        id="information", kind="bars",
        views=_views(told, [_worth_most(plan, one) for one in told], several=several),
        table=Table("What knowing a gate beforehand is worth", columns, tuple(rows)),
        axis=plan.unit, choose="If this scenario comes about",
        legend=(("bar gap", "estimate"), ("whisker", "5–95 % of the estimate")),
        options={"label": "gate"} | ({"view": "scenario"} if several else {}),
        note=(
            "By regression of what options come to on what each gate does, over the paths made "
            "anyway. Values of several gates do not add up."
        ),
    )  # fmt: skip
    notes = (f"Nothing can be told of {' and '.join(silent)}.",) if silent else ()
    return Content(charts=(chart,), notes=notes)


def _ranked(tried: TriedShown) -> list[GateWorth]:
    return sorted(tried.information, key=lambda one: -one.value)


def _gate(one: GateWorth) -> tuple[Cell, ...]:
    spread = Z95 * one.standard_error
    return one.title, one.value, max(one.value - spread, 0.0), one.value, one.value + spread


def _worth_most(plan: PlanShown, tried: TriedShown) -> str:
    best = _ranked(tried)[0]
    if best.value > 0:
        return f"Worth most to know beforehand: {best.title}, {plan.worth(best.value)}"
    return "Nothing that could be found out about a single gate would change the orders"


def policies(plan: PlanShown) -> Content | None:
    """Return how the plan and simple policies do on the same fresh paths of each scenario."""
    if not plan.tried:
        return None
    ending = [one for one in plan.tried if any(policy.ends for policy in one.policies)]
    charts = (_policy_chart(plan, ending),) if ending else ()
    return Content(
        charts=charts, tables=(_regrets(plan), *_at_worst(plan)), notes=tuple(_endless(plan))
    )


def _policy_chart(plan: PlanShown, ending: Sequence[TriedShown]) -> Chart:
    """Return the chart of policies that come to an end, in the scenarios in which some do."""
    several = len(plan.tried) > 1
    return Chart(
        id="policies", kind="bars",
        views=_views(ending, [_least_regret(plan, one) for one in ending], several=several),
        table=Table(
            "The plan and simple policies", _policy_columns(plan),
            tuple(_policy_rows(ending, several=several, endless=False)),
        ),
        axis=f"{'Cost' if plan.money else 'Work not served'}, {plan.unit}",
        choose="If this scenario comes about",
        legend=(("bar total", "the plan"), ("bar gap", "a policy"), ("whisker", "5–95 % of paths")),
        options={"label": "policy", "total": ending[0].policies[0].title}
        | ({"view": "scenario"} if several else {}),
        note=(
            f"On the same {plan.proof.fresh:,} fresh paths, which none was made from. Regret is "
            "what a policy comes to beyond the best of them on each path."
        ),
    )  # fmt: skip


def _regrets(plan: PlanShown) -> Table:
    """Return the regret of every policy and the work that it serves, dashes for what is unknown."""
    several = len(plan.tried) > 1
    named = 1 + several
    columns, rows = _policy_columns(plan), _policy_rows(plan.tried, several=several, endless=True)
    return Table(
        "Regret, and work served", (*columns[:named], *columns[named + OUTCOMES :]),
        tuple((*row[:named], *row[named + OUTCOMES :]) for row in rows),
    )  # fmt: skip


def _policy_rows(
    tried: Sequence[TriedShown], *, several: bool, endless: bool
) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells of policies, those without an end only where they are asked for."""
    for one in tried:
        for policy in one.policies:
            if policy.ends or endless:
                yield (*_of(one, several=several), *_policy(policy))


def _policy_columns(plan: PlanShown) -> tuple[Column, ...]:
    """Return the columns of policies, those of scenarios first where there are several."""
    return (
        *((SCENARIO,) if len(plan.tried) > 1 else ()),
        Column("policy", "Policy", "text"),
        Column("mean", f"Mean, {plan.unit}"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
        Column("regret", "Mean regret"),
        Column("served", "Work served", "share"),
        Column("served_p5", "Served 5 %", "share"),
        Column("served_p95", "Served 95 %", "share"),
    )


def _of(tried: TriedShown, *, several: bool) -> tuple[Cell, ...]:
    """Return the cell of the scenario, if there is a column for it."""
    return (tried.scenario,) if several else ()


def _views(
    tried: Sequence[TriedShown], findings: Sequence[str], *, several: bool
) -> tuple[View, ...]:  # fmt: skip
    if not several:
        return (View("", "", findings[0]),)
    return tuple(
        View(one.scenario, one.scenario, finding)
        for one, finding in zip(tried, findings, strict=True)
    )


def _policy(one: PolicyShown) -> tuple[Cell, ...]:
    return one.title, one.mean, one.p5, one.med, one.p95, one.regret, *one.served


def _least_regret(plan: PlanShown, tried: TriedShown) -> str:
    """Return the finding of a scenario: which policy is regretted least."""
    least = min((one for one in tried.policies if one.ends), key=lambda one: one.regret or 0.0)
    what = "costs" if plan.money else "leaves unserved"
    return f"Least regret: {least.title}, which {what} {plan.worth(least.mean)} on average"


def _at_worst(plan: PlanShown) -> tuple[Table, ...]:
    """Return the table of the scenario in which each policy does worst, where there are several."""
    if not plan.at_worst:
        return ()
    columns = (
        Column("policy", "Policy", "text"),
        Column("mean", f"Mean at worst, {plan.unit}"),
        Column("scenario", "In", "text"),
        Column("regret", "Most mean regret"),
        Column("regret_scenario", "In", "text"),
    )
    return (Table("In the scenario in which each does worst", columns, plan.at_worst),)


def _endless(plan: PlanShown) -> list[str]:
    """Return what is not drawn since it has no end."""
    found: list[str] = []
    for one in plan.tried:
        names = [policy.title for policy in one.policies if not policy.ends]
        if names:
            where = f" of {one.scenario}" if len(plan.tried) > 1 else ""
            found.append(
                f"Not drawn: {'; '.join(names)}. What is ordered cannot be paid for on some "
                f"path{where}."
            )
    return found
