"""The forms of `headworks ration`: one pool, several, several resources, and what else it answers.

A call has one form, by the options that it gives. An option that says nothing in that form is a
fault, so that nobody takes an answer for what it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import typer

from headworks.cli.messages import as_text
from headworks.cli.option_text import column, measured, named_amounts, per_chip, pools, reserve
from headworks.cli.options import check_outputs, progress_bar, terminal
from headworks.cli.ration_calls import Given, answer, check_together, option
from headworks.errors import Door, Fault, InputError

if TYPE_CHECKING:
    from headworks.rationing.intake.asking import Asked
    from headworks.rationing.result import Ration

CLAIMANTS = ("weights", "caps", "minima", "priority", "scores", "days", "parties", "needs", "stock",
             "undelivered", "used", "awarded", "chips", "sizes")  # fmt: skip
"""Options that give one value for each claimant."""
STEPS = ("truncate", "min_use", "lot", "guarantee", "orders", "seed", "whole", "ballot_key",
         "ballot")  # fmt: skip
PARTS = ("reserve", "order", "tranches")
"""Options that belong to one pool."""
INCENTIVES = ("needs", "deposit", "request_cap", "expected_pool")
SHARING = {"file", "pool", "claims", "rule", "unit", "cap", "per_chip", "record", "as_json",
           *CLAIMANTS, *STEPS}  # fmt: skip
FORMS: dict[str, set[str]] = {
    "verify": {"verify", "as_json"},
    "rules": {"rules", "as_json"},
    "resource": {"resource", "file", "weights", "priority", "whole", "ballot_key", "ballot",
                 "record", "as_json"},
    "inflate": {"inflate", "file", "pool", "claims", "rule", "unit", "weights", "priority",
                "scores", "days", "record", "as_json", *INCENTIVES},
    "compare": {"compare", *SHARING, *PARTS},
    "pools": SHARING,
    "share": {*SHARING, *PARTS},
}  # fmt: skip
"""Forms in the order in which they are looked for, each with what it takes."""


def run(given: Given) -> None:
    """Answer a call in its form.

    Raises:
        InputError: Options do not go together, or what they give cannot be used; all are listed.
    """
    form = _form(given)
    _check_options(form, given)
    ANSWERS[form](given)


def _form(given: Given) -> str:
    for form in FORMS:
        if form in given:
            return form
    named = any("=" in text for text in given.get("pool", ()))
    return "pools" if named or len(given.get("pool", ())) > 1 else "share"


def _check_options(form: str, given: Given) -> None:
    """Raise if an option says nothing in a form, or a file is read and written."""
    what = {"pools": "several pools", "share": "a plain rationing"}.get(form, f"--{form}")
    check_together(given, FORMS[form], what, FORMS, dict.fromkeys(INCENTIVES, "--inflate"))
    check_outputs(
        [given.get("file"), *given.get("resource", ())], {"--record": given.get("record")}
    )


def _asked(given: Given, *, any_rule: bool = False) -> tuple[Asked, dict[str, Fraction]]:
    """Return what is asked for, and the pools by name; a single one may have the name "".

    Raises:
        InputError: Lists every fault.
    """
    from headworks.rationing.intake.asking import Asked, amount_of, asked
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.pools.sharing import pool_amounts

    found = Asked((), "", Parameters("proportional"))
    amounts: dict[str, Fraction] = {}
    options: dict[str, Any] = {name: given.get(name) for name in (*STEPS, "order", "tranches")}
    cap = given.get("cap", "").strip()
    options["cap_share" if cap.endswith("%") else "cap"] = given.get("cap")
    unit, table = given.get("unit"), None
    door = Door()
    with door.checking():
        named = pools(given.get("pool", ()))
        by_name = {} if "" in named else measured(named)[0]
        amounts = pool_amounts(by_name) if by_name else {"": amount_of("pool", named[""])}
    for name in (name for name in CLAIMANTS if "inflate" not in given or name != "needs"):
        with door.checking():
            options[name] = column(given.get(name), option(name))
    with door.checking():
        options["reserves"] = [reserve(text) for text in given.get("reserve", ())] or None
    with door.checking():
        table, measure = per_chip(given.get("per_chip"))
        unit = unit or measure
    with door.checking():
        source, rule = _source(given), given.get("rule", "proportional")
        found = asked(source, rule, options, unit=unit, per_chip=table, any_rule=any_rule)
    door.close()
    return found, amounts


def _source(given: Given) -> Any:  # noqa: ANN401 - what `asked` takes
    file, claims = given.get("file"), given.get("claims")
    if (file is None) == (claims is None):
        message = "there are no claims" if file is None else "claims come from a file and --claims"
        remedy = "give a CSV file or --claims 100,200,300, one of them"
        raise InputError([Fault("--claims", 0, "", message, remedy)])
    return file if claims is None else column(claims, "--claims")


def _one_pool(given: Given, *, any_rule: bool = False) -> Ration:
    from headworks.rationing.ration import shared

    found, amounts = _asked(given, any_rule=any_rule)
    if "" not in amounts:
        message = f"--{_form(given)} is about one pool"
        raise InputError([Fault("--pool", 0, "", message, "give --pool AMOUNT, without a name")])
    return shared(amounts[""], found.unit, found.people, found.parameters)


def _share(given: Given) -> None:
    from headworks.cli.ration_tables import show_awards
    from headworks.rationing.record import record

    result = _one_pool(given)
    answer(given, result.to_json, lambda: record(result), lambda: show_awards(result, terminal()))


def _pools(given: Given) -> None:
    from headworks.cli.pool_tables import show_pools
    from headworks.rationing.pools.measures import measures
    from headworks.rationing.pools.sharing import shared_pools

    told = measured(pools(given["pool"]))[1]
    if told and "per_chip" in given:
        message = "the pools say what a unit takes of each"
        raise InputError([Fault("--per-chip", 0, "", message, "leave it out")])
    found, amounts = _asked(given)
    by_pool = measures(told, amounts, found.people, found.unit)
    result = shared_pools(amounts, found.unit, found.people, found.parameters, by_pool)
    answer(given, result.to_json, result.to_record, lambda: show_pools(result, terminal()))


def _resources(given: Given) -> None:
    from headworks.cli.resource_tables import show_resources
    from headworks.rationing.resources.sharing import ration_resources

    file = given.get("file")
    if file is None:
        message = "there are no needs"
        remedy = "give a CSV file with a column for each resource"
        raise InputError([Fault("FILE", 0, "", message, remedy)])
    door = Door()
    available: dict[str, str] = {}
    columns: dict[str, Any] = {}
    with door.checking():
        available = named_amounts(given["resource"], "--resource")
    for name in ("weights", "priority"):
        with door.checking():
            columns[name] = column(given.get(name), option(name))
    door.close()
    rest = {name: given.get(name) for name in ("whole", "ballot_key", "ballot")}
    result = ration_resources(file, available, **columns, **rest)
    answer(given, result.to_json, result.to_record, lambda: show_resources(result, terminal()))


def _inflate(given: Given) -> None:
    from headworks.cli.inflate import inflated, inflation_json
    from headworks.cli.inflation_tables import show_inflation
    from headworks.rationing.record import record

    result = _one_pool(given, any_rule=True)
    if any(one.size is not None for one in result.people):
        message = "incentives are those of claims in the pool's own unit, and these have a size"
        raise InputError([Fault("size", 0, "", message, "give claims in the unit of the pool")])
    with progress_bar("incentives") as tell:
        found = inflated(
            result.people, result.pool, result.unit, rule=result.rule.name,
            needs=column(given.get("needs"), "--needs"), deposit=given.get("deposit"),
            request_cap=given.get("request_cap"), expected_pool=given.get("expected_pool"),
            progress=tell,
        )  # fmt: skip
    answer(
        given, lambda: inflation_json(found), lambda: record(result),
        lambda: show_inflation(found, terminal()),
    )  # fmt: skip


def _compare(given: Given) -> None:
    from headworks.cli.ration_comparison import show_comparison
    from headworks.rationing.comparison import compare_rules
    from headworks.rationing.record import record

    result = _one_pool(given, any_rule=True)
    with progress_bar("rules") as tell:
        found = compare_rules(result, progress=tell)
    answer(
        given, found.to_json, lambda: record(result),
        lambda: show_comparison(found, result.rule.name, terminal()),
    )  # fmt: skip


def _rules(given: Given) -> None:
    from headworks.cli.rule_list import rules_json, show_rules

    if "as_json" in given:
        typer.echo(as_text(rules_json()))
    else:
        show_rules(terminal())


def _verify(given: Given) -> None:
    from headworks.cli.verify import verify_record

    verify_record(given["verify"], as_json="as_json" in given)


ANSWERS: dict[str, Callable[[Given], None]] = {
    "verify": _verify, "rules": _rules, "resource": _resources, "inflate": _inflate,
    "compare": _compare, "pools": _pools, "share": _share,
}  # fmt: skip
