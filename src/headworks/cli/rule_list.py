"""`headworks ration --rules`: the rules and the methods of whole units, with what each does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from headworks.rationing.rule import RULES
from headworks.rationing.whole import METHODS

if TYPE_CHECKING:
    from rich.console import Console

    from headworks.rationing.whole import Method


def rules_json() -> dict[str, Any]:
    """Return rules and methods as plain values."""
    return {
        "rules": [
            {
                "rule": one.name, "title": one.title, "aliases": list(one.aliases),
                "formula": one.formula, "takes": list(one.takes), "needs": list(one.needs),
            }
            for one in RULES.values()
        ],
        "methods": [
            {
                "method": one.name, "title": one.title, "aliases": list(one.aliases),
                "rule": one.rule, "draws": one.draws, "guarantees": _guarantees(one),
            }
            for one in METHODS.values()
        ],
    }  # fmt: skip


def show_rules(console: Console) -> None:
    """Print each rule and method with its other names, its formula or what it guarantees."""
    lines = ["Rules, with awards x of claims d, the pool E, and all claims D", ""]
    for rule in RULES.values():
        takes = [f"needs {name}" if name in rule.needs else f"takes {name}" for name in rule.takes]
        lines += _entry(rule.name, rule.aliases, rule.formula, takes)
    lines += ["", "Methods of whole units, with what each guarantees of proportional awards", ""]
    for method in METHODS.values():
        lines += _entry(method.name, method.aliases, "; ".join(_guarantees(method)), ())
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def _entry(name: str, aliases: Sequence[str], what: str, notes: Sequence[str]) -> list[str]:
    other = f" ({', '.join(aliases)})" if aliases else ""
    return [f"{name}{other}", f"    {'; '.join([what, *notes])}"]


def _guarantees(method: Method) -> list[str]:
    below, above = method.lower_bound, method.upper_bound
    said = {
        "within a unit of the exact award": below and above,
        "never below the exact award rounded down": below and not above,
        "never above the exact award rounded up": above and not below,
        "a larger pool costs nobody a unit": method.pool_monotone,
        "who claims more loses no unit to who claims less": method.claim_monotone,
        "the expected award is the exact one": method.unbiased,
        "draws by a ballot key": method.draws,
        f"for {method.rule} only": method.rule is not None,
    }
    return [text for text, holds in said.items() if holds]
