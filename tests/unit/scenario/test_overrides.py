from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from headworks.scenario.overrides import Change, apply, apply_all
from headworks.scenario.yaml_file import Document, Place, number_places, parse_yaml

if TYPE_CHECKING:
    from headworks.scenario.aliases import Resolve

BASE = """\
scenario: base
gates:
  customs:
    kind: passes
    opening: open
    lead_time_days:
      {p5: 3, p95: 9, dist: normal, kind: stated, source: x, unit: days, drivers: {d: 1}}
companies:
  buyer:
    wants:
      h200-sxm:
        schedule:
          - {on: 2026-01-05, units: {value: 1, kind: stated, source: x}}
          - {on: 2026-02-05, units: {value: 2, kind: stated, source: x}}
          - {on: 2026-03-05, units: {value: 3, kind: stated, source: x}}
        routes: {shares: {mainland: 1.0}, kind: stated, source: x, at: table 1}
"""
SCHEDULE = "companies.buyer.wants.h200-sxm.schedule"
LINE_OF_FIRST = BASE.splitlines().index("        schedule:") + 2
HERE = Place("override.yaml", 7)


def changed(key: str, value: object) -> Document:
    """Return the base after one change."""
    document = parse_yaml(BASE, "base.yaml")
    change = Change(key, value, number_places(value, HERE), "to see", f"overrides.one.set.{key}")
    apply(document, change, lambda name: {"H200": "h200-sxm"}.get(name, name))
    return document


def at(document: Document, key: str) -> Any:  # noqa: ANN401 - any YAML value
    node = document.tree
    for part in key.split("."):
        node = node[int(part) if isinstance(node, list) else part]
    return node


def messages(document: Document) -> list[str]:
    return [fault.message for fault in document.faults]


def together(*changes: tuple[str, str, object]) -> list[str]:
    """Return what is said of changes made together, each given as override, key and value."""
    document = parse_yaml(BASE, "base.yaml")
    made = [
        Change(key, value, number_places(value, Place("override.yaml", line)), "to see", by, by)
        for line, (by, key, value) in enumerate(changes, start=1)
    ]

    def resolver() -> Resolve:
        return lambda name: {"H200": "h200-sxm"}.get(name, name)

    apply_all(document, made, resolver)
    return [f"{fault.line}: {fault.message} → {fault.remedy}" for fault in document.faults]


OPENING, LEAD = "gates.customs.opening", "gates.customs.lead_time_days"
NEED = "companies.buyer.wants.{}.need"


def test_two_overrides_that_set_one_key_to_two_values_clash() -> None:
    (said,) = together(("one", OPENING, "shut"), ("two", OPENING, "open"))
    assert said == (
        "2: one sets gates.customs.opening to 'shut', and then two sets it to 'open' → keep one, "
        "or put the later one into a file whose `base` is this one"
    )
    (said,) = together(("one", LEAD, 5), ("two", LEAD, None))
    assert said.startswith(f"2: one sets {LEAD} to 5, and then two removes it → ")
    (said,) = together(("one", NEED.format("H200"), 0.5), ("two", NEED.format("h200-sxm"), 0.7))
    assert "one sets companies.buyer.wants.H200.need to 0.5, and then two sets companies.bu" in said


def test_every_clash_is_told() -> None:
    said = together(("one", OPENING, "shut"), ("two", OPENING, "open"), ("three", OPENING, "open"))
    assert [words[:7] for words in said] == ["2: one ", "3: one "]


def test_two_overrides_may_agree() -> None:
    assert together(("one", OPENING, "shut"), ("two", OPENING, "shut")) == []


def test_a_part_may_be_set_after_the_whole_but_not_undone_by_it() -> None:
    whole, part = ("one", LEAD, {"p5": 1, "p95": 2}), ("two", f"{LEAD}.p5", 1.5)
    assert together(whole, part) == []
    (said,) = together(part, whole)
    assert f"two sets {LEAD}.p5 to 1.5, and then one sets {LEAD} to {{'p5': 1, 'p9" in said
    assert together(("two", f"{LEAD}.p5", 1), whole) == []


def test_a_key_that_is_not_there_cannot_be_removed() -> None:
    (said,) = together(("one", "gates.customs.pool", None))
    assert said == "1: gates.customs has no 'pool' to remove → leave it out, or give a value"


def test_a_word_is_replaced_and_its_place_is_that_of_the_override() -> None:
    document = changed("gates.customs.opening", "shut")
    assert at(document, "gates.customs.opening") == "shut"
    assert document.place(("gates", "customs", "opening")) == HERE
    assert document.place(("gates", "customs", "kind")) == Place("base.yaml", 4)


def test_a_mapping_takes_the_place_of_what_it_replaces_with_all_its_keys() -> None:
    document = changed("gates.customs", {"kind": "passes", "lot": 1})
    assert document.place(("gates", "customs", "lot")) == HERE
    assert ("gates", "customs", "lead_time_days", "p5") not in document.places


def test_null_removes_a_key() -> None:
    document = changed("gates.customs.lead_time_days", None)
    assert "lead_time_days" not in at(document, "gates.customs")
    (message,) = messages(changed("gates.customs.led_time_days", None))
    assert message.startswith("gates.customs has no key 'led_time_days'; did you mean lead_time_d")


def test_what_is_emptied_stands_where_it_was_emptied() -> None:
    document = changed("gates.customs", None)
    assert document.tree["gates"] == {}
    assert document.place(("gates",)) == HERE


def test_removing_from_a_list_moves_the_rest_up_with_their_places() -> None:
    document = changed(f"{SCHEDULE}.0", None)
    assert [entry["units"]["value"] for entry in at(document, SCHEDULE)] == [2, 3]
    path = ("companies", "buyer", "wants", "h200-sxm", "schedule")
    assert document.place((*path, 0, "units")).line == LINE_OF_FIRST + 1
    assert document.place((*path, 1, "units")).line == LINE_OF_FIRST + 2
    assert (*path, 2) not in document.places


def test_a_list_is_indexed_by_whole_numbers() -> None:
    document = changed(f"{SCHEDULE}.1.units", 7)
    assert at(document, f"{SCHEDULE}.1.units.value") == 7
    for wrong in ("3", "x", "-1", "9" * 5000):
        (message,) = messages(changed(f"{SCHEDULE}.{wrong}.units", 7))
        assert "is a list of 3" in message


def test_chips_may_be_named_by_alias_in_a_key() -> None:
    document = changed("companies.buyer.wants.H200.need", {"value": 1})
    assert at(document, "companies.buyer.wants.h200-sxm.need") == {"value": 1}


def test_a_section_that_the_base_lacks_may_be_added_to() -> None:
    assert changed("events.halt", {"act": "shut"}).tree["events"] == {"halt": {"act": "shut"}}
    conditions = changed("gates.customs.conditions.cap", {"kind": "cap"})
    assert at(conditions, "gates.customs.conditions") == {"cap": {"kind": "cap"}}


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("gate.customs.opening", "the scenario has no key 'gate'; did you mean gates"),
        ("gates.custom.opening", "gates has no key 'custom'; did you mean customs?"),
        ("gates.customs.opening.dated", "gates.customs.opening is 'open', which holds no key"),
        ("base", "'base' cannot be overridden"),
        ("overrides.one", "'overrides' cannot be overridden"),
        (".x", "the scenario has no key ''"),
    ],
)
def test_a_key_without_a_parent_is_a_fault(key: str, message: str) -> None:
    document = changed(key, "x")
    assert message in messages(document)[0]
    assert document.faults[0].line == HERE.line


def test_a_bare_number_becomes_an_assumed_quantity_with_the_reason_and_the_unit() -> None:
    assert at(changed("gates.customs.lead_time_days", 5), "gates.customs.lead_time_days") == {
        "value": 5, "dist": "fixed", "kind": "assumed", "reason": "to see", "unit": "days",
    }  # fmt: skip


def test_bare_percentiles_keep_shape_unit_and_drivers() -> None:
    document = changed("gates.customs.lead_time_days", {"p5": 1, "p95": 2})
    assert at(document, "gates.customs.lead_time_days") == {
        "p5": 1, "p95": 2, "dist": "normal", "kind": "assumed", "reason": "to see", "unit": "days",
        "drivers": {"d": 1},
    }  # fmt: skip
    fresh = changed("gates.customs.patience_days", {"p5": 1, "p95": 2})
    assert at(fresh, "gates.customs.patience_days.dist") == "lognormal"


def test_a_whole_quantity_is_taken_as_it_is() -> None:
    value = {"value": 5, "kind": "stated", "source": "y"}
    document = changed("gates.customs.lead_time_days", value)
    assert at(document, "gates.customs.lead_time_days") == value


def test_a_number_set_from_within_loses_the_pedigree_of_the_one_before() -> None:
    units = at(changed(f"{SCHEDULE}.0.units.value", 9), f"{SCHEDULE}.0.units")
    assert units == {"value": 9, "kind": "assumed", "reason": "to see", "dist": "fixed"}
    routes = "companies.buyer.wants.h200-sxm.routes"
    split = at(changed(f"{routes}.shares", {"hong-kong": 1.0}), routes)
    assert split == {"shares": {"hong-kong": 1.0}, "kind": "assumed", "reason": "to see"}
    assert at(changed(f"{SCHEDULE}.0.units.source", "y"), f"{SCHEDULE}.0.units.kind") == "stated"


def test_a_bare_number_elsewhere_stays_bare() -> None:
    assert changed("periods", 5).tree["periods"] == 5
    assert changed("power_overhead", True).tree["power_overhead"] is True
