"""Random small scenarios for property tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import assume
from hypothesis import strategies as st

from headworks.errors import ScenarioError
from headworks.rationing.shares import RULES, WEIGHTED
from tests.unit.flow.build import (
    EVIDENCE,
    Tree,
    a_round,
    day,
    grants,
    opening,
    over,
    passes,
    rate,
    rounds,
    scenario,
    shares,
    stock,
    want,
)

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

PERIODS = 9
DAYS = PERIODS * 7
DRIVERS = {
    "mood": {"title": "A mood", "half_life_days": 120},
    "wind": {"title": "A wind", "half_life_days": 60},
}
CHAIN = ("allocation", "laboratory", "export", "customs", "installation")
STOCKS = ("produced", None, "shipped", "cleared", "installed")
COMPANIES = ("ash", "birch", "cedar")

loadings = st.dictionaries(
    st.sampled_from(sorted(DRIVERS)), st.sampled_from([-0.6, 0.3, 0.7]), max_size=2
)


@st.composite
def numbers(draw: st.DrawFn, low: float, high: float) -> Any:  # noqa: ANN401 - a number or a record
    """Return a known number, or an uncertain one, within the bounds."""
    if draw(st.booleans()):
        return round(draw(st.floats(low, high)), 3)
    width = high - low
    shape = draw(st.sampled_from(["uniform", "triangular", "discrete"]))
    made: Tree = {"dist": shape, "drivers": draw(loadings), **EVIDENCE}
    if shape == "discrete":
        return {**made, "values": [low, low + width / 3, high], "probabilities": [0.5, 0.2, 0.3]}
    return {**made, "p5": low + 0.3 * width, "p95": low + 0.7 * width}


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for something or None."""
    return st.none() | st.none() | strategy


days = st.integers(-10, DAYS + 10).map(day)
spans = numbers(0.0, 30.0)


@st.composite
def openings(draw: st.DrawFn) -> Any:  # noqa: ANN401 - an opening
    """Return any kind of opening."""
    kind = draw(st.sampled_from(["open", "open", "open", "open", "dated", "process", "process"]))
    if kind == "open":
        return kind
    on = sorted(draw(st.sets(st.integers(-9, DAYS), min_size=1, max_size=4)))
    states = [(day(n), draw(st.sampled_from(["open", "shut"]))) for n in on]
    if kind == "dated":
        return opening(*states)
    process = {
        "open_at_start": draw(numbers(0.0, 1.0)), "mean_days_open": draw(numbers(1.0, 30.0)),
        "mean_days_shut": draw(numbers(1.0, 30.0)), "drivers": draw(loadings),
    }  # fmt: skip
    if draw(st.booleans()):
        return opening(*states, process={"from": day(on[-1] + 5), **process})
    return {"process": process}


@st.composite
def caps(draw: st.DrawFn) -> Tree:
    """Return a cap of a known amount."""
    return {
        "kind": "cap",
        "by": draw(st.sampled_from(["line", "company", "party_group", "all"])),
        "amount": draw(st.integers(0, 120)),
        "metric": draw(st.sampled_from(["units", "units", "tpp"])),
        "per_days": draw(st.sampled_from([None, 7, 14, 28])),
        "companies": draw(some(st.just(["ash"]))),
        "chips": draw(some(st.just(["alpha"]))),
    }


def _scaled(cap: Tree) -> Tree:
    return {**cap, "amount": cap["amount"] * 6000} if cap["metric"] == "tpp" else cap


@st.composite
def goods_gates(draw: st.DrawFn, name: str, pool: str | None) -> Tree:
    """Return a goods gate with random parts."""
    conditions = {
        f"cap-{number}": _scaled(cap)
        for number, cap in enumerate(draw(st.lists(caps(), max_size=1)))
    }
    if name == "customs" and draw(st.booleans()):
        conditions["pairing"] = {
            "kind": "pairing", "domestic": ["home"], "grace": draw(st.integers(1, 20)),
            "direction": draw(st.sampled_from(["domestic_per_imported", "imported_per_domestic"])),
            "ratio": draw(numbers(0.1, 2.0)), "grace_days": draw(some(st.just(14))),
        }  # fmt: skip
    admits = [{"companies": ["ash", "cedar"], "from": draw(some(days))}]
    return passes(
        pool=pool,
        opening=draw(openings()),
        conditions=conditions,
        lead_time_days=draw(some(spans)),
        patience_days=draw(some(numbers(2.0, 60.0))),
        lot=draw(some(numbers(1.0, 15.0))) if pool else None,
        admits=admits if draw(st.integers(0, 4)) == 0 else [],
        on_inadmissible=draw(st.sampled_from(["hold", "refuse"])),
    )


@st.composite
def pools(draw: st.DrawFn) -> Tree:
    """Return a pool that goods can book."""
    amount = draw(numbers(0.0, 40.0))
    unit = draw(st.sampled_from(["units", "units", "tpp"]))
    scale = 6000 if unit == "tpp" else 1
    if scale > 1:
        amount = draw(st.integers(0, 40)) * scale
    noise = draw(some(numbers(0.0, 0.5)))
    if draw(st.booleans()):
        return rate(amount, weekly_noise=noise, unit=unit)
    return stock(draw(st.integers(0, 100)) * scale, amount, weekly_noise=noise, unit=unit)


@st.composite
def paper_pools(draw: st.DrawFn) -> Tree | None:
    """Return a pool that papers can book, or None."""
    kind = draw(st.sampled_from(["none", "goods", "rounds", "rounds", "share"]))
    if kind == "none":
        return None
    if kind == "goods":
        return draw(pools())
    if kind == "share":
        product = {"history": draw(numbers(0.0, 90.0))}
        return {
            "supply": "share_of_flow", "share": draw(numbers(0.1, 0.9)),
            "products": {
                "alpha": {**product, "flow": [{"from": day(0), "amount": 20, "per_days": 7}]},
                "beta": {**product, "companies": ["birch"]},
                "home": product,
            },
        }  # fmt: skip
    each = {}
    for number in range(draw(st.integers(1, 3))):
        parts = {
            "delay_days": draw(some(spans)), "carry": draw(st.booleans()),
            "confirmed": draw(numbers(0.2, 1.0)),
            "shares": draw(some(st.just(shares(ash=0.5, birch=0.3, cedar=0.2)))),
        }  # fmt: skip
        eligible = draw(some(st.just(["ash", "birch"]))) if parts["shares"] is None else None
        each[f"round-{number}"] = a_round(
            draw(days), draw(numbers(5.0, 120.0)), eligible=eligible, **parts
        )
    return rounds(**each)


@st.composite
def paper_gates(draw: st.DrawFn, pool: str | None) -> Tree:
    """Return a paper gate with random parts."""
    cap = draw(st.lists(caps(), max_size=1))
    return grants(
        pool=pool,
        opening=draw(openings()),
        requests=draw(st.sampled_from([None, "wanted", "ordered"])),
        conditions={"ceiling": _scaled({**cap[0], "per_days": None})} if cap else {},
        lead_time_days=draw(some(spans)),
        take_up=draw(some(numbers(0.2, 1.0))),
        validity_days=draw(some(numbers(5.0, 40.0))),
    )


@st.composite
def happenings(draw: st.DrawFn, gates: Tree, made: Tree) -> Tree:
    """Return a few events at gates and pools."""
    found: Tree = {}
    for number in range(draw(st.integers(0, 3))):
        act = draw(st.sampled_from(["revoke", "recall", "divert", "shut"]))
        wanted = {"revoke": "grants", "recall": "passes"}.get(act)
        if act == "divert":
            where = sorted(name for name, pool in made.items() if pool["supply"] == "stock")
        else:
            where = sorted(n for n, g in gates.items() if wanted in {None, g["kind"]})
        if not where:
            continue
        place = {"pool" if act == "divert" else "gate": draw(st.sampled_from(where))}
        length = {"for_days": draw(spans)} if act == "shut" else {"share": draw(numbers(0.1, 0.9))}
        found[f"event-{number}"] = {
            "title": "News", "act": act, "on": draw(days), "probability": draw(numbers(0.1, 1.0)),
            "delay_days": draw(some(spans)), **place, **length,
        }  # fmt: skip
    return found


@st.composite
def wishes(draw: st.DrawFn, routes: list[str]) -> Tree:
    """Return a want over some of the routes."""
    chosen = draw(st.lists(st.sampled_from(routes), min_size=1, unique=True))
    schedule: list[Tree] = [{"on": draw(days), "units": draw(numbers(1.0, 90.0))}]
    if draw(st.booleans()):
        begin = draw(st.integers(-5, 30))
        schedule.append(over(day(begin), day(begin + draw(st.integers(1, 40))), 30))
    split = {name: 1.0 / len(chosen) for name in chosen}
    return want(0, schedule=schedule, need=draw(numbers(0.3, 1.0)), routes=split)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Return a random world as the arguments of `scenario`."""
    made: Tree = {}
    gates: Tree = {}
    rule = draw(st.sampled_from(sorted(RULES)))
    weighed = {"ash": 2.0, "birch": 0.5}
    weights = weighed if rule == "priority" or (rule in WEIGHTED and draw(st.booleans())) else {}
    used = [CHAIN[0], *draw(st.lists(st.sampled_from(CHAIN[1:4]), unique=True)), CHAIN[4]]
    main = [name for name in CHAIN if name in used]
    for name in main:
        pool = f"of-{name}" if draw(st.booleans()) else None
        if pool:
            made[pool] = draw(pools())
        gates[name] = draw(goods_gates(name, pool)) | {"stock": STOCKS[CHAIN.index(name)]}
        gates[name] |= {"rationing": rule, "weights": weights}
    routes: Tree = {"main": {"gates": main}}
    if draw(st.booleans()):  # a second way whose first gate shares the first pool
        twin = dict(gates["allocation"])
        twin |= {"opening": draw(openings()), "lead_time_days": draw(some(spans))}
        gates["other-allocation"] = twin
        routes["other"] = {"gates": ["other-allocation", *main[1:]], "jurisdiction": "HK"}
    if draw(st.booleans()):
        gates["factory"] = passes("produced", pool=None, lead_time_days=draw(some(spans)))
        routes["home"] = {"gates": ["factory", "installation"]}
    drawing = draw(st.sampled_from(main))
    for paper in draw(st.sampled_from([[], ["licence"], ["approval", "licence"]])):
        pool_of_papers = draw(paper_pools())
        if pool_of_papers is not None:
            made[f"of-{paper}"] = pool_of_papers
        gates[paper] = draw(paper_gates(f"of-{paper}" if pool_of_papers is not None else None))
        gates[paper] |= {"stock": {"licence": "licensed", "approval": "approved"}[paper]}
        gates[drawing].setdefault("requires", []).append(paper)
    wants: Tree = {}
    foreign = [name for name in routes if name != "home"]
    for company in COMPANIES:  # pools and conditions name all three
        chips = draw(st.lists(st.sampled_from(["alpha", "beta"]), min_size=1, unique=True))
        wants[company] = {chip: draw(wishes(foreign)) for chip in chips}
        if "home" in routes and draw(st.booleans()):
            wants[company]["home"] = draw(wishes(["home"]))
    return {
        "gates": gates, "wants": wants, "pools": made, "routes": routes, "periods": PERIODS,
        "events": draw(happenings(gates, made)), "drivers": DRIVERS,
        "companies": {n: {"party_group": "kin"} for n in ("ash", "birch") if n in wants},
    }  # fmt: skip


def build(tree: Tree) -> Scenario:
    """Return the scenario of a tree; leave the example if it has faults."""
    try:
        return scenario(**tree)
    except ScenarioError:
        assume(condition=False)
        raise
