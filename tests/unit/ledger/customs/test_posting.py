"""Usage files against a ledger.

The numbers in brackets are those of defects found in other licensing systems, such as usage as a
float, usage overwritten, or final reports dropped; each is shown not to be here.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from headworks.errors import LedgerError
from headworks.ledger.importing import Imported, import_usage
from tests.unit.ledger.customs.customs_story import Story, status, total, usage_csv, use

SAMPLES = Path("tests/data/ledger")


@pytest.fixture
def story() -> Story:
    return Story()


def given(story: Story, path: Path, *, hold: bool = False, dry_run: bool = False) -> Imported:
    return import_usage(
        story.ledger, path, actor="customs", exceptions="hold" if hold else "refuse",
        dry_run=dry_run,
    )  # fmt: skip


def refused(story: Story, path: Path) -> str:
    before = story.ledger.verify()
    with pytest.raises(LedgerError) as caught:
        given(story, path)
    assert story.ledger.verify() == before
    return str(caught.value)


def test_the_samples_leave_what_hand_computation_says(story: Story) -> None:
    """120 + 60 on line 1, of which 120 becomes 100, 60 is undone, and 30 come late: 130."""
    first = given(story, SAMPLES / "gacc-0001.csv")
    assert {name: n for name, n in first.counts.items() if n} == {
        "drawn": 3, "equal": 2, "messages": 1,
    }  # fmt: skip
    assert story.balance("cleared:l1:1") == 180
    second = given(story, SAMPLES / "gacc-0002.jsonl")
    assert {name: n for name, n in second.counts.items() if n} == {
        "adjusted": 1, "undone": 1, "late": 1, "equal": 1,
    }  # fmt: skip
    assert story.balance("line:l1:1") == 500 - 130
    assert story.balance("cleared:l1:1") == 130
    assert story.balance("spent:l1:2") == 120_000
    assert story.ledger.records("discrepancy") == {}
    assert story.ledger.verify().sound


def test_a_file_is_one_event_whose_transfers_have_their_own_days(story: Story) -> None:
    before = story.ledger.verify().events
    given(story, SAMPLES / "gacc-0001.csv")
    assert story.ledger.verify().events == before + 1
    (early,) = story.ledger.balances("cleared:l1:1", on=dt.date(2026, 2, 9))
    (late,) = story.ledger.balances("cleared:l1:1", on=dt.date(2026, 2, 11))
    assert (early.balance, late.balance) == (120, 180)


def test_a_dry_run_says_what_would_be_posted_and_writes_nothing(story: Story) -> None:
    before = story.ledger.verify()
    tried = given(story, SAMPLES / "gacc-0001.csv", dry_run=True)
    assert story.ledger.verify() == before
    done = given(story, SAMPLES / "gacc-0001.csv")
    assert (tried.counts, tried.transfers) == (done.counts, done.transfers)
    assert tried.answers == done.answers


def test_the_same_run_again_changes_nothing_and_gives_the_first_answer(
    story: Story, tmp_path: Path
) -> None:
    first = given(story, usage_csv(tmp_path, 1, use()))
    before = story.ledger.verify()
    again = given(story, usage_csv(tmp_path, 1, use()))
    assert again.repeated
    assert not first.repeated
    assert again.answers[0].receipt.hash == first.answers[0].receipt.hash
    assert again.counts == first.counts
    assert story.ledger.verify() == before


def test_the_same_run_with_other_content_is_refused(story: Story, tmp_path: Path) -> None:
    given(story, usage_csv(tmp_path, 1, use()))
    said = refused(story, usage_csv(tmp_path, 1, use(quantity=61)))
    assert "run 1 of gacc was imported by customs.gacc.1." in said
    assert "with other content (L5)" in said


@pytest.mark.parametrize(("run", "missing"), [(3, "run 2 is missing"), (5, "runs 2, 3, 4 are")])
def test_a_gap_names_the_missing_runs(story: Story, tmp_path: Path, run: int, missing: str) -> None:
    given(story, usage_csv(tmp_path, 1, use()))
    assert missing in refused(story, usage_csv(tmp_path, run, use(declaration="26CN2")))


def test_the_first_run_is_1_unless_it_says_that_counting_begins_anew(
    story: Story, tmp_path: Path
) -> None:
    assert "runs 1, 2, 3, 4 are missing" in refused(story, usage_csv(tmp_path, 5, use()))
    given(story, usage_csv(tmp_path, 5, use(), reset=True))
    given(story, usage_csv(tmp_path, 6, use(declaration="26CN2")))


def test_a_reset_begins_anew_and_its_repetition_does_not(story: Story, tmp_path: Path) -> None:
    given(story, usage_csv(tmp_path, 1, use()))
    given(story, usage_csv(tmp_path, 2, use(declaration="26CN2")))
    reset = usage_csv(tmp_path, 1, use(declaration="26CN3"), reset=True)
    given(story, reset)
    given(story, usage_csv(tmp_path, 2, use(declaration="26CN4")))
    assert given(story, usage_csv(tmp_path, 1, use(declaration="26CN3"), reset=True)).repeated
    assert given(story, usage_csv(tmp_path, 2, use(declaration="26CN2"))).repeated
    given(story, usage_csv(tmp_path, 3, use(declaration="26CN5")))
    assert story.balance("cleared:l1:1") == 5 * 60


def test_a_declaration_that_comes_again_in_a_later_run_draws_once(
    story: Story, tmp_path: Path
) -> None:
    given(story, usage_csv(tmp_path, 1, use()))
    again = given(story, usage_csv(tmp_path, 2, use(), use(part=2, quantity=5)))
    assert (again.counts["known"], again.counts["drawn"]) == (1, 1)
    assert story.balance("cleared:l1:1") == 65
    said = refused(story, usage_csv(tmp_path, 3, use(quantity=61)))
    assert "26CN0001 drew 60 on line 1 of l1 on 2026-02-10 (L5)" in said
    assert "type A" in said


def test_a_draw_by_hand_and_its_report_by_customs_are_one(story: Story, tmp_path: Path) -> None:
    story.do(
        "shipment.draw", "customs", licence="l1", line="1", quantity=60, declaration="26CN0001",
        on="2026-02-10",
    )  # fmt: skip
    assert given(story, usage_csv(tmp_path, 1, use(), total(60))).counts["known"] == 1
    assert story.balance("cleared:l1:1") == 60


def test_a_contra_undoes_all_of_one_draw_once(story: Story, tmp_path: Path) -> None:
    given(story, usage_csv(tmp_path, 1, use()))
    given(story, usage_csv(tmp_path, 2, use("C")))
    assert story.balance("line:l1:1") == 500
    said = refused(story, usage_csv(tmp_path, 3, use("C")))
    assert "nothing drawn under 26CN0001 stands that could be undone" in said
    given(story, usage_csv(tmp_path, 3, use(quantity=7)))
    assert story.balance("line:l1:1") == 493


def test_a_contra_of_a_part_is_refused(story: Story, tmp_path: Path) -> None:
    given(story, usage_csv(tmp_path, 1, use()))
    assert "(L8)" in refused(story, usage_csv(tmp_path, 2, use("C", quantity=59)))


def test_an_adjusted_record_keeps_what_it_corrects_beside_what_is_right(
    story: Story, tmp_path: Path
) -> None:
    """(2, 6) Usage is never overwritten: draw, contra and right draw all stay."""
    given(story, usage_csv(tmp_path, 1, use()))
    given(story, usage_csv(tmp_path, 2, use("A", quantity=45, on="2026-02-11")))
    (line,) = story.ledger.balances("line:l1:1")
    assert (line.debits_posted, line.credits_posted) == (60 + 45, 500 + 60)
    with story.ledger.journal.reading() as view:
        versions = [body["quantity"] for _, body in view.versions("declaration", "26CN0001")]
    assert versions == [60, 45]


def test_an_adjustment_that_would_overdraw_leaves_the_draw_as_it_was(
    story: Story, tmp_path: Path
) -> None:
    given(story, usage_csv(tmp_path, 1, use()))
    path = usage_csv(tmp_path, 2, use("A", quantity=501), use(declaration="26CN2", quantity=440))
    done = given(story, path, hold=True)
    assert (done.counts["held"], done.counts["drawn"]) == (1, 1)
    assert story.balance("line:l1:1") == 0
    assert story.ledger.records("declaration")["26CN0001"]["quantity"] == 60
    assert done.open_discrepancies["use/26CN0001"]["difference"] == 441


def test_rows_are_checked_in_order_where_a_contra_makes_room(story: Story, tmp_path: Path) -> None:
    given(story, usage_csv(tmp_path, 1, use(quantity=500)))
    assert story.licence_state() == "issued"  # line 2 has some left
    given(story, usage_csv(tmp_path, 2, use("C", quantity=500), use(declaration="26CN2")))
    assert story.balance("line:l1:1") == 440
    path = usage_csv(
        tmp_path, 3, use(declaration="26CN3", quantity=500), use("C", "26CN2", quantity=60)
    )
    assert "the line has 440 units left, and 500 are to pass" in refused(story, path)


def test_an_overdraw_refuses_the_file_and_names_every_row(story: Story, tmp_path: Path) -> None:
    rows = (
        use(quantity=499), use(declaration="26CN2", quantity=2),
        use(declaration="26CN3", quantity=1), use(declaration="26CN4", quantity=1),
        use(declaration="26CN5", licence="none"), use(declaration="26CN6", line="9"),
        use(declaration="26CN7", line="2", quantity=1), use(declaration="26CN8", on="2026-01-31"),
    )  # fmt: skip
    path = usage_csv(tmp_path, 1, *rows)
    said = refused(story, path)
    for row, column, message in (
        (4, "quantity", "the line has 1 units left, and 2 are to pass"),
        (6, "quantity", "the line has 0 units left, and 1 are to pass"),
        (7, "licence", "there is no licence 'none'"),
        (8, "line", "licence l1 has no line '9'"),
        (9, "value_cents", "the line has a value of 9,000.00 USD left"),
        (10, "control_date", "it is valid from 2026-02-01"),
    ):
        assert f"{path}:{row}: {column}: {message}" in said
    assert ":3:" not in said
    assert ":5:" not in said


def test_held_rows_become_open_discrepancies_and_the_rest_is_posted(
    story: Story, tmp_path: Path
) -> None:
    path = usage_csv(
        tmp_path, 1, use(quantity=450), use(declaration="26CN2", quantity=60), total(510)
    )
    done = given(story, path, hold=True)
    assert (done.counts["drawn"], done.counts["held"], done.counts["differing"]) == (1, 1, 1)
    held = done.open_discrepancies["use/26CN2"]
    assert (held["ours"], held["theirs"], held["difference"]) == (0, 60, 60)
    assert held["why"] == ["the line has 50 units left, and 60 are to pass"]
    assert done.open_discrepancies["units/l1/1"]["difference"] == 60
    assert story.balance("line:l1:1") == 50


def test_a_held_row_that_later_passes_settles_its_discrepancy(story: Story, tmp_path: Path) -> None:
    given(story, usage_csv(tmp_path, 1, use(quantity=501)), hold=True)
    given(story, usage_csv(tmp_path, 2, use("L", quantity=500)))
    found = story.ledger.records("discrepancy")["use/26CN0001"]
    assert (found["state"], found["grounds"]) == ("resolved", "drawn by gacc/1/2")


@pytest.mark.parametrize(("on", "passes"), [("2026-02-11", True), ("2026-02-12", False),
                                            ("2026-02-15", False)])  # fmt: skip
def test_a_suspension_refuses_what_happened_after_it_and_nothing_before(
    story: Story, tmp_path: Path, on: str, passes: bool
) -> None:
    """(4) What was cleared before the recorded suspension stands; later draws are disputed."""
    story.do("licence.suspend", licence="l1", on="2026-02-12")
    path = usage_csv(tmp_path, 1, use(on=on))
    if passes:
        given(story, path)
        assert story.balance("line:l1:1") == 440
        return
    assert "the licence is suspended since 2026-02-12" in refused(story, path)
    done = given(story, path, hold=True)
    assert done.open_discrepancies["use/26CN0001"]["state"] == "open"
    assert story.balance("line:l1:1") == 500


def test_late_usage_is_effective_inside_the_validity_though_recorded_after(
    story: Story, tmp_path: Path
) -> None:
    """(10) Every draw has a day on which it happened and a moment at which it was recorded."""
    story.at(dt.date(2026, 8, 20))
    given(story, usage_csv(tmp_path, 1, use("L", on="2026-07-31"), made_on="2026-08-19"))
    assert story.balance("line:l1:1") == 440
    path = usage_csv(tmp_path, 2, use("L", "26CN2", on="2026-08-01"), made_on="2026-08-19")
    assert "valid from 2026-02-01 until before 2026-08-01" in refused(story, path)


def test_totals_below_the_ledger_open_a_discrepancy_which_a_contra_settles(
    story: Story, tmp_path: Path
) -> None:
    """(2) Nothing is overwritten by a smaller total: an explicit movement takes it back."""
    done = given(story, usage_csv(tmp_path, 1, use(), total(50)))
    assert done.open_discrepancies["units/l1/1"]["difference"] == -10
    assert story.balance("cleared:l1:1") == 60
    story.do(
        "discrepancy.resolve", "auditor", discrepancy="units/l1/1", adopt="theirs",
        grounds="ten were re-exported",
    )  # fmt: skip
    assert (story.balance("cleared:l1:1"), story.balance("line:l1:1")) == (50, 450)
    assert given(story, usage_csv(tmp_path, 2, total(50))).counts["equal"] == 1
    assert story.ledger.verify().sound


def test_a_discrepancy_is_resolved_with_grounds_and_stays_so_while_nothing_changes(
    story: Story, tmp_path: Path
) -> None:
    given(story, usage_csv(tmp_path, 1, use(), total(70)))
    story.do("discrepancy.resolve", "auditor", discrepancy="units/l1/1", grounds="a lost part")
    with pytest.raises(LedgerError, match="it is resolved"):
        story.do("discrepancy.resolve", "auditor", discrepancy="units/l1/1", grounds="again")
    assert not given(story, usage_csv(tmp_path, 2, total(70))).open_discrepancies
    done = given(story, usage_csv(tmp_path, 3, total(71)))
    assert done.open_discrepancies["units/l1/1"]["difference"] == 11


def test_totals_count_what_is_installed_and_taken_out(story: Story, tmp_path: Path) -> None:
    given(story, usage_csv(tmp_path, 1, use()))
    for action, quantity in (("installation.install", 20), ("installation.remove", 5)):
        story.do(action, "holder", licence="l1", line="1", site="s1", quantity=quantity)
    assert given(story, usage_csv(tmp_path, 2, total(60))).counts["equal"] == 1


@pytest.mark.parametrize(("letter", "state"), [("S", "surrendered"), ("C", "cancelled")])
def test_a_final_report_closes_the_licence_and_releases_the_rest(
    story: Story, tmp_path: Path, letter: str, state: str
) -> None:
    """(3) Surrendered and cancelled usage is not dropped."""
    before = story.balance("pool:cn")
    path = usage_csv(tmp_path, 1, use(), total(60), status(letter, "2026-02-14"))
    assert given(story, path).counts["closed"] == 1
    assert story.licence_state() == state
    assert story.balance("pool:cn") == before + 440 + 300
    assert story.balance("line:l1:1") == story.balance("line:l1:2") == 0
    assert "the licence is " + state in refused(story, usage_csv(tmp_path, 2, use("L", "26CN2")))
    assert story.ledger.verify().sound


def test_expiry_is_taken_from_the_day_on_which_validity_ends(story: Story, tmp_path: Path) -> None:
    story.at(dt.date(2026, 8, 20))
    early = usage_csv(tmp_path, 1, status("D", "2026-07-31"), made_on="2026-08-19")
    done = given(story, early)
    assert (done.counts["disputed"], story.licence_state()) == (1, "issued")
    given(story, usage_csv(tmp_path, 2, status("D", "2026-08-01"), made_on="2026-08-19"))
    assert story.licence_state() == "expired"
    assert story.ledger.records("discrepancy")["status/l1"]["state"] == "resolved"


def test_exhaustion_agrees_when_nothing_is_left_and_is_disputed_otherwise(
    story: Story, tmp_path: Path
) -> None:
    """(3) An exhausted report is compared with the balance, not taken for it."""
    done = given(story, usage_csv(tmp_path, 1, use(), status("E", "2026-02-14")))
    assert done.open_discrepancies["status/l1"]["why"] == [
        "customs has it exhausted, and 740 units are left"
    ]
    assert story.licence_state() == "issued"
    rows = (
        use(declaration="26CN2", quantity=440),
        use(declaration="26CN3", line="2", quantity=300, value_cents=9_000_00),
    )
    given(story, usage_csv(tmp_path, 2, *rows, status("E", "2026-02-14")))
    assert story.licence_state() == "exhausted"
    given(story, usage_csv(tmp_path, 3, use("C", "26CN2", quantity=440)))
    assert story.licence_state() == "issued"


def test_a_final_report_waits_for_totals_that_differ(story: Story, tmp_path: Path) -> None:
    path = usage_csv(tmp_path, 1, use(), total(75), status("S", "2026-02-14"))
    done = given(story, path)
    assert (done.counts["closed"], done.counts["disputed"]) == (0, 1)
    assert story.licence_state() == "issued"
    late = usage_csv(tmp_path, 2, use("L", "26CN2", quantity=15), total(75),
                     status("S", "2026-02-14"))  # fmt: skip
    assert given(story, late).counts["closed"] == 1
    assert story.licence_state() == "surrendered"


def test_a_row_draws_what_a_shipment_holds(story: Story, tmp_path: Path) -> None:
    story.do(
        "shipment.reserve", "officer", shipment="s-1", licence="l1", line="1", quantity=500,
        on="2026-02-05",
    )  # fmt: skip
    plain = usage_csv(tmp_path, 1, use())
    assert "500 more are reserved" in refused(story, plain)
    text = plain.read_text(encoding="utf-8").replace("origin,", "origin,shipment,", 1)
    lines = text.splitlines()
    rows = [lines[0], lines[1].replace("gacc", ",gacc"), lines[2].replace("TW,", "TW,s-1,"),
            lines[3].replace("end,", "end,,")]  # fmt: skip
    plain.write_text("\n".join(rows), encoding="utf-8")
    given(story, plain)
    (line,) = story.ledger.balances("line:l1:1")
    assert (line.balance, line.debits_pending) == (440, 0)
    assert story.ledger.records("shipment")["s-1"]["state"] == "drawn"


def test_lines_are_told_by_their_ids_in_any_order(story: Story, tmp_path: Path) -> None:
    """(9) No order of rows moves usage from one line to another."""
    rows = [use(), use(declaration="26CN2", line="2", quantity=7, value_cents=100)]
    other = Story()
    given(story, usage_csv(tmp_path, 1, *rows))
    given(other, usage_csv(tmp_path, 1, *reversed(rows)))
    for name in ("line:l1:1", "line:l1:2", "cleared:l1:1", "cleared:l1:2"):
        assert story.balance(name) == other.balance(name)


def test_only_customs_imports(story: Story) -> None:
    with pytest.raises(LedgerError, match=r"has officer, and customs.import takes customs"):
        import_usage(story.ledger, SAMPLES / "gacc-0001.csv", actor="officer")


def test_a_trader_without_part_in_the_licence_is_refused(story: Story, tmp_path: Path) -> None:
    row = {**use(), "trader": "alibaba"}
    assert "alibaba is neither holder, consignee nor end user" in refused(
        story, usage_csv(tmp_path, 1, row)
    )


def test_progress_reaches_the_end(story: Story, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = [use(declaration=f"26CN{n}", part=1 + n % 7, quantity=1) for n in range(400)]
    story.licence("big", {"1": 100_000})
    more = [use(declaration=f"B{n}", licence="big", quantity=1) for n in range(2_100)]
    path = usage_csv(tmp_path, 1, *rows, *more)
    import_usage(story.ledger, path, actor="customs", progress=lambda n, of: told.append((n, of)))
    assert told == [(1_000, 2_500), (2_000, 2_500), (2_500, 2_500)]


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (("licence.surrender", "holder"), "surrendered"),
        (("licence.expire", "officer"), "expired"),
        (("licence.suspend", "officer"), "suspended"),
    ],
)
def test_a_draw_is_made_smaller_wherever_its_licence_is_by_now(
    story: Story, tmp_path: Path, ends: tuple[str, str], state: str
) -> None:
    """What was cleared stands, so that rules are asked of nothing; the rest comes back."""
    given(story, usage_csv(tmp_path, 1, use(quantity=60)))
    if state == "expired":
        story.at(dt.date(2026, 8, 3))
    before, on = story.balance("pool:cn"), {"on": "2026-02-05"} if state == "suspended" else {}
    story.do(*ends, licence="l1", **on)
    rows = use("A", quantity=45), total(45)
    done = given(story, usage_csv(tmp_path, 2, *rows, made_on="2026-08-02"))
    assert (done.counts["adjusted"], done.counts["equal"], done.counts["held"]) == (1, 1, 0)
    assert story.balance("cleared:l1:1") == 45
    assert story.licence_state() == state
    if state == "suspended":
        assert story.balance("line:l1:1") == 455
    else:
        assert story.balance("pool:cn") == before + 740 + 15
        assert [story.balance(one) for one in ("line:l1:1", "licensed:cn")] == [0, 45]
    with pytest.raises(LedgerError, match="the licence is"):
        given(story, usage_csv(tmp_path, 3, use("A", quantity=46), made_on="2026-08-02"))
    assert story.ledger.verify().sound


def test_an_adjusted_draw_stays_on_its_shipments_order(story: Story, tmp_path: Path) -> None:
    story.do("order.place", "holder", order="o", party="bytedance", chip="h200-sxm", quantity=60)
    story.do(
        "shipment.reserve", "holder", shipment="s", licence="l1", line="1", quantity=50, order="o",
        on="2026-02-20",
    )  # fmt: skip
    story.at(dt.date(2026, 2, 25))
    drawn = use(quantity=50, on="2026-02-22") | {"shipment": "s"}
    given(story, usage_csv(tmp_path, 1, drawn, made_on="2026-02-24"))
    assert [story.balance(one) for one in ("order:o", "shipped:o")] == [10, 50]
    smaller = use("A", quantity=40, on="2026-02-22")
    given(story, usage_csv(tmp_path, 2, smaller, made_on="2026-02-24"))
    assert [story.balance(one) for one in ("order:o", "shipped:o")] == [20, 40]
    larger = use("A", quantity=55, on="2026-02-22") | {"shipment": "s"}
    given(story, usage_csv(tmp_path, 3, larger, made_on="2026-02-24"))
    assert [story.balance(one) for one in ("order:o", "shipped:o", "cleared:l1:1")] == [5, 55, 55]
    with pytest.raises(LedgerError, match="the order o has 60 left, and 61 are to be of it"):
        given(story, usage_csv(
            tmp_path, 4, use("A", quantity=61, on="2026-02-22"), made_on="2026-02-24"
        ))  # fmt: skip
    assert story.ledger.records("declaration")["26CN0001"]["shipment"] == "s"
    assert story.ledger.verify().sound


def test_a_contra_on_an_ended_licence_goes_back_to_the_pool(story: Story, tmp_path: Path) -> None:
    """What came back would stay on a line from which nothing can be drawn any more."""
    given(story, usage_csv(tmp_path, 1, use(quantity=60)))
    before = story.balance("pool:cn")
    story.do("licence.surrender", "holder", licence="l1")
    assert story.balance("pool:cn") == before + 740
    given(story, usage_csv(tmp_path, 2, use("C", quantity=60)))
    assert story.balance("pool:cn") == before + 800
    assert [story.balance(one) for one in ("line:l1:1", "licensed:cn")] == [0, 0]
    assert story.ledger.verify().sound
