"""Residuals: the spread that errors need by what is left out, and how that is asked about."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import numpy as np
import pytest

from bench.accuracy import page
from bench.coverage import of_left_out
from bench.fit import predictions, shipped
from bench.parts import LEFT_OUT, counted_of, measured_in
from bench.residuals import (
    FEWEST,
    LEAST,
    MOST,
    Group,
    LeftOut,
    _left_out,
    bare,
    constant_of,
    needed,
    residuals,
    with_residuals,
)
from headworks.throughput.accuracy import Prediction
from headworks.throughput.cases import packaged_cases
from headworks.throughput.constants import ANY, Measured, packaged
from headworks.throughput.split import family, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bench.fit import Fit
    from bench.parts import What
    from headworks.throughput.case import Case
    from headworks.throughput.constants import Calibration


def rows(errors: np.ndarray, own: float = 0.0, counts: float = 1.0) -> np.ndarray:
    return np.column_stack([errors, np.full(len(errors), own), np.full(len(errors), counts)])


@pytest.mark.parametrize("spread", [0.1, 0.3])
def test_the_spread_is_that_of_errors_that_are_normal(spread: float) -> None:
    errors = np.random.default_rng(0).normal(0.0, spread, 20_000)
    assert needed(rows(errors)) == pytest.approx(spread, abs=0.01)


def test_what_constants_leave_open_already_is_not_counted_twice() -> None:
    """Of a spread of 0.5 the constants explain 0.4: the rest is 0.3, since squares add."""
    errors = np.random.default_rng(0).normal(0.0, 0.5, 20_000)
    assert needed(rows(errors, own=0.4)) == pytest.approx(0.3, abs=0.015)
    assert needed(rows(errors, own=1.0)) == LEAST


def test_a_chip_of_many_cases_does_not_rule() -> None:
    """200 good errors of one chip count as 8, beside 8 of a chip that is 30 % off."""
    near, far = np.full(200, 0.01), np.full(8, 0.3)
    alike = np.concatenate([rows(near), rows(far)])
    capped = np.concatenate([rows(near, counts=8 / 200), rows(far)])
    assert needed(alike) == LEAST
    assert needed(capped) == pytest.approx(0.3 / 1.645, abs=0.005)


def test_a_family_is_left_out_on_all_chips(monkeypatch: pytest.MonkeyPatch) -> None:
    """On another chip the fit would know it. Errors count on chips with many cases alone."""
    asked: list[list[set[str]]] = []

    def nothing(_cases: object, groups: Sequence[Sequence[Case]], *_: object) -> list[object]:
        asked.append([{case.case_id for case in group} for group in groups])
        return []

    monkeypatch.setattr("bench.residuals.left_out", nothing)
    cases = packaged_cases()
    assert residuals(cases, shipped()) == {}
    _, known, _ = asked
    whole = {case.case_id for case in cases if family(case.model) == "gpt-oss"}
    chips = {case.chip for case in cases if family(case.model) == "gpt-oss"}
    assert whole in known
    assert len(chips) > 2


@pytest.mark.parametrize("within", [0.0, 0.2])
@pytest.mark.parametrize("cases", [(1, 1), (1, 1, 1), (1,) * 10, (96, 24), (5, 1, 1)])
def test_a_group_left_out_is_further_off_than_a_new_one(
    cases: tuple[int, ...], within: float
) -> None:
    """Effects of groups are drawn, the mean by cases is taken, and errors are looked at."""
    draws = np.random.default_rng(0)
    many, weights = 100_000, np.array(cases, float)
    effects = draws.normal(0.0, 0.3, (many, len(cases) + 1))
    noise = draws.normal(0.0, within, many)

    def error(of: int, known: list[int]) -> np.ndarray:
        return (
            effects[:, of] - np.average(effects[:, known], axis=1, weights=weights[known]) + noise
        )

    every = list(range(len(cases)))
    left_out = [error(one, [other for other in every if other != one]) for one in every]
    new = error(len(cases), every)
    counted = [3.0, 1.0, *[1.0] * len(cases)][: len(cases)]
    spread = np.sqrt(np.average([one.var() for one in left_out], weights=counted))
    assert spread > new.std()
    groups = tuple(Group(*one) for one in zip(every, cases, counted, strict=True))
    found = LeftOut(float(spread), groups).of_new_group(within)
    assert found == pytest.approx(new.std(), rel=0.01)


def test_groups_that_are_left_out_together_do_not_tell_of_each_other() -> None:
    """Two small ones beside a third: each is held against that one alone."""
    draws = np.random.default_rng(1)
    effects = draws.normal(0.0, 0.3, (100_000, 4))
    weights = np.array([1.0, 2.0, 4.0])
    off = [effects[:, 0] - effects[:, 2], effects[:, 1] - effects[:, 2]]
    off.append(effects[:, 2] - np.average(effects[:, :2], axis=1, weights=weights[:2]))
    new = effects[:, 3] - np.average(effects[:, :3], axis=1, weights=weights)
    spread = float(np.sqrt(np.average([one.var() for one in off], weights=weights)))
    groups = (Group(0, 1, 1.0), Group(0, 2, 2.0), Group(1, 4, 4.0))
    assert LeftOut(spread, groups).of_new_group(0.0) == pytest.approx(new.std(), rel=0.01)


def alone(spread: float, groups: int) -> LeftOut:
    """Return what is off where so many groups of one size are left out one by one."""
    return LeftOut(spread, tuple(Group(part, 5, 5.0) for part in range(groups)))


def test_a_group_left_out_of_many_is_as_a_new_one_and_of_one_alone_nothing_is_known() -> None:
    assert alone(0.4, 2).of_new_group(0.0) == 0.346  # half the root of 3
    assert alone(0.4, 1000).of_new_group(0.0) == 0.4
    assert alone(0.4, 1).of_new_group(0.0) == 0.4
    assert alone(LEAST, 2).of_new_group(0.0) == LEAST


def test_what_cases_of_one_group_differ_by_is_not_made_less() -> None:
    assert alone(0.2, 2).of_new_group(0.2) == 0.2
    assert alone(0.1, 2).of_new_group(0.2) == 0.2
    assert alone(0.5, 2).of_new_group(0.3) == pytest.approx(0.458, abs=5e-4)  # .09 + .75 x .16
    assert alone(0.4, 2).of_new_group(None) == 0.4  # which may be all of it


SIZES = {"chip": 0.4, "family": 0.3, "set-up": 0.2}


def test_each_residual_comes_from_what_is_left_out_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """All errors at chips that are left out are alike here, as are those at families and runs."""
    waiting = iter(SIZES.values())

    def left_out(
        _cases: object, groups: Sequence[Sequence[Case]], *_: object
    ) -> Iterator[tuple[Sequence[Case], dict[str, Prediction]]]:
        off = math.exp(1.645 * next(waiting))
        for group in groups:
            yield (
                group,
                {
                    case.case_id: Prediction(
                        case.value * off / (1 + 1e-9), case.value * off, case.value * off * 2
                    )
                    for case in group
                },
            )

    monkeypatch.setattr("bench.residuals.left_out", left_out)
    found = {name: value for (name, _), value in residuals(packaged_cases(), shipped()).items()}
    assert found["tpot_dense_residual_log"] == pytest.approx(0.2, abs=0.006)
    # of such figures 96 are on the B200 and 24 on the H100, 114 of Llama 3 and 6 of Qwen3
    for new, size, (one, other) in (("chip", 0.4, (0.8, 0.2)), ("family", 0.3, (0.95, 0.05))):
        left = (1.0 + one**2 + other**2) / 2.0
        expected = math.sqrt(0.04 + left * (size**2 - 0.04))
        assert found[f"tpot_dense_new_{new}_residual_log"] == pytest.approx(expected, abs=0.006)
    # no chip is measured in training: errors on all of them count, and families are known
    assert found["training_dense_residual_log"] == pytest.approx(0.2, abs=0.006)
    # 16 cases of Llama 3, one of Llama 2, one of Pangu: a new family is off by more than Llama 3,
    # which is held against two, since the fit is nearly of that one alone
    left = (1 + (16**2 + 2) / 18**2) / ((16 * (1 + 2 / 2**2) + 2 * (1 + 257 / 17**2)) / 18)
    expected = math.sqrt(0.04 + left * (0.3**2 - 0.04))
    assert found["training_dense_new_family_residual_log"] == pytest.approx(expected, abs=0.008)


class Asked:
    """A stand-in that notes what is left out, and finds what it is told to."""

    def __init__(self, found: dict[str, dict[str, LeftOut]]) -> None:
        self.found = found
        self.most: dict[str, float] = {}
        self.chips: dict[str, dict[str, set[str]]] = {}

    def __call__(
        self,
        cases: Sequence[Case],
        what: str,
        _start: object,
        *,
        most: float = math.inf,
        counts: Callable[[Case], bool] = lambda _: True,
    ) -> dict[str, LeftOut]:
        self.most[what] = most
        on = self.chips.setdefault(what, defaultdict(set))
        for case in filter(counts, cases):
            on[counted_of(case)].add(case.chip)
        return self.found.get(what, {})


def test_chips_families_and_set_ups_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors count on chips where the figure is measured; on others they would tell of the chip."""
    asked = Asked({})
    monkeypatch.setattr("bench.residuals._left_out", asked)
    cases = packaged_cases()
    residuals(cases, shipped())
    assert asked.most == {"chip": MOST, "family": math.inf, "set-up": math.inf}
    every = {case.chip for case in cases if counted_of(case) == "training_dense"}
    for what in ("family", "set-up"):
        assert asked.chips[what]["tpot_experts"] == {"b200", "h100-sxm", "h200-sxm"}
        assert asked.chips[what]["output_rate_dense"] == {"b200", "h200-sxm"}
        assert asked.chips[what]["training_dense"] == every
    assert "mi300x" in asked.chips["chip"]["output_rate_dense"]


def test_what_too_few_errors_tell_of_is_taken_from_chips(monkeypatch: pytest.MonkeyPatch) -> None:
    """And where set-ups tell nothing, all of it may be within chips."""
    name = "tpot_dense_residual_log"
    far = LeftOut(0.3, (Group(0, 5, 5.0), Group(1, 5, 5.0)))
    near = LeftOut(0.1, ())
    for known, expected in (({}, 0.3), ({"set-up": {name: near}}, 0.265)):
        found = {"chip": {name: far}, **known}
        monkeypatch.setattr("bench.residuals._left_out", Asked(found))
        spread = residuals(packaged_cases(), shipped())
        assert spread[name, ANY] == (0.1 if known else 0.3)
        for new in ("chip", "family"):
            assert spread[f"tpot_dense_new_{new}_residual_log", ANY] == expected


def test_other_residuals_leave_all_else_of_a_calibration() -> None:
    found = with_residuals(packaged(), {("tpot_dense_residual_log", ANY): 0.7})
    assert found.joint is packaged().joint
    assert found.measured is packaged().measured
    values = {
        name: meaning.scopes[ANY].median
        for name, meaning in found.meanings.items()
        if name.endswith("_residual_log")
    }
    assert values.pop("tpot_dense_residual_log") == 0.7
    assert all(
        value == packaged().meanings[name].scopes[ANY].median for name, value in values.items()
    )


def test_a_fit_without_what_it_leaves_out_spreads_by_its_constants_alone() -> None:
    found = bare(shipped())
    left = [one for name, one in found.meanings.items() if name.endswith("_residual_log")]
    assert max(scope.median for one in left for scope in one.scopes.values()) < 1e-6


@pytest.mark.parametrize(("most", "spread"), [(8.0, 0.5), (math.inf, LEAST)])
def test_no_part_counts_for_more_than_it_may(
    monkeypatch: pytest.MonkeyPatch, most: float, spread: float
) -> None:
    """Of a chip 96 cases are met, of another 8 are far off: one in two, or one in thirteen."""
    dense = [case for case in packaged_cases() if constant_of(case) == "tpot_dense_residual_log"]
    many = [case for case in dense if case.chip == "b200"]
    few = [case for case in dense if case.chip == "h100-sxm"][:8]

    def left_out(
        _cases: object, groups: Sequence[Sequence[Case]], *_: object
    ) -> Iterator[tuple[Sequence[Case], dict[str, Prediction]]]:
        for group, off in zip(groups, (1.0, math.exp(1.645 * 0.5)), strict=True):
            yield (
                group,
                {
                    case.case_id: Prediction(
                        case.value * off / (1 + 1e-9), case.value * off, case.value * off * 2
                    )
                    for case in group
                },
            )

    monkeypatch.setattr("bench.residuals.left_out", left_out)
    assert len(many) == 96
    found = _left_out([*many, *few], "chip", shipped(), most=most)
    assert found["tpot_dense_residual_log"].spread == pytest.approx(spread, abs=0.006)
    one, other = found["tpot_dense_residual_log"].groups
    assert (one.part, one.cases) == (0, 96)
    assert one.counted == pytest.approx(min(most, 96.0))
    assert other == Group(1, 8, 8.0)


def test_a_figure_with_few_errors_has_no_residual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups that are left out count by the cases they have, though no error of theirs counts."""
    dense = [case for case in packaged_cases() if constant_of(case) == "tpot_dense_residual_log"]

    def left_out(
        _cases: object, groups: Sequence[Sequence[Case]], *_: object
    ) -> Iterator[tuple[Sequence[Case], dict[str, Prediction]]]:
        for group in groups:
            yield group, {case.case_id: Prediction(1.0, 2.0, 3.0) for case in group}

    monkeypatch.setattr("bench.residuals.left_out", left_out)
    for counting in (FEWEST - 1, FEWEST):
        found = _left_out(dense, "chip", shipped(), counts=dense[:counting].__contains__)
        assert len(found) == (1 if counting == FEWEST else 0)
    (one,) = found.values()
    assert sorted(group.cases for group in one.groups) == [24, 96]
    assert sum(group.counted for group in one.groups) == FEWEST


class Serially:
    """A stand-in for processes, so that what they are asked can be seen."""

    def __init__(self, _processes: int) -> None:
        self.map = map

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_is_left_out_is_asked_about_as_new(
    monkeypatch: pytest.MonkeyPatch, what: What
) -> None:
    """What is measured is what the fit at hand saw."""
    seen: list[tuple[list[Case], Mapping[str, Measured]]] = []

    def noted(cases: list[Case], calibration: Calibration) -> dict[str, object]:
        seen.append((cases, calibration.measured))
        return {}

    def fitted(cases: Sequence[Case], start: Fit) -> Fit:
        return replace(start, measured=measured_in(cases))

    monkeypatch.setattr("bench.fit.ProcessPoolExecutor", Serially)
    monkeypatch.setattr("bench.fit.fit", fitted)
    monkeypatch.setattr("bench.fit.predictions", noted)
    cases = packaged_cases()
    of_left_out(cases, what)
    assert sum(len(part) for part, _ in seen) == len(cases)
    for part, measured in seen:
        rest = [case for case in cases if case not in part]
        assert measured == measured_in(rest)
        known = measured.values()
        if what == "chip":
            assert not {case.chip for case in part} & {chip for one in known for chip in one.chips}
        elif what == "family":
            families = {name for one in known for name in one.families}
            assert not {family(case.model) for case in part} & families
        else:
            assert len(measured) == len(measured_in(cases))


class AskedError(Exception):
    """Carries what held-out cases are asked with."""


def test_held_out_cases_are_asked_with_what_their_fit_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted: list[Sequence[Case]] = []

    def fit(cases: Sequence[Case]) -> Fit:
        fitted.append(cases)
        return replace(shipped(), measured=measured_in(cases))

    def stop(_cases: object, calibration: Calibration) -> None:
        raise AskedError(calibration.measured)

    monkeypatch.setattr("bench.accuracy.fit", fit)
    monkeypatch.setattr("bench.accuracy.residuals", lambda _cases, _start: {})
    monkeypatch.setattr("bench.accuracy.predictions", stop)
    with pytest.raises(AskedError) as caught:
        page(packaged_cases())
    assert fitted == [[case for case in packaged_cases() if split(case) == "fit"]]
    assert caught.value.args[0]["tpot_dense"] == Measured(
        chips={"b200": 60, "h100-sxm": 12}, families={"llama-3": 72}
    )


def test_a_case_that_is_asked_as_new_has_the_wider_interval() -> None:
    """Under the same constants."""
    (case, *_) = (
        one
        for one in packaged_cases()
        if one.chip == "b200" and one.model == "llama-3.1-70b" and one.metric == "tpot_ms"
    )
    sizes = {"": 0.1, "new_family_": 0.2, "new_chip_": 0.3}
    book = with_residuals(
        packaged(), {(f"tpot_dense_{part}residual_log", ANY): size for part, size in sizes.items()}
    )
    widths = []
    for measured in (
        Measured(chips={"b200": 8}, families={"llama-3": 8}),
        Measured(chips={"b200": 8}),
        Measured(families={"llama-3": 8}),
    ):
        found = predictions([case], replace(book, measured={"tpot_dense": measured}))[case.case_id]
        assert isinstance(found, Prediction)
        assert found.p5
        assert found.p95
        widths.append(found.p95 / found.p5)
    assert widths[0] < widths[1] < widths[2]
