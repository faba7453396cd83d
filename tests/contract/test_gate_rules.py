"""The rules that a scenario may name at a gate are those that the rationing room has for arrays."""

from __future__ import annotations

from typing import get_args

from headworks.rationing import rule
from headworks.rationing.shares import RULES, WEIGHTED
from headworks.scenario import gate


def test_a_gate_may_name_every_rule_over_arrays_and_no_other() -> None:
    assert sorted(get_args(gate.Rule)) == sorted(RULES)


def test_both_rooms_agree_on_which_rules_take_weights() -> None:
    assert sorted(gate.WEIGHTED) == sorted(WEIGHTED)
    assert set(RULES) >= WEIGHTED


def test_every_rule_of_a_gate_has_an_exact_form_of_the_same_name() -> None:
    assert set(get_args(gate.Rule)) <= rule.RULES.keys()
