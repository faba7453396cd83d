"""The short look at a transfer and the long one agree."""

from __future__ import annotations

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from headworks.ledger.journal.account import AMOUNT_MAX, Account, Standing
from headworks.ledger.journal.transfer import KINDS, Transfer
from headworks.ledger.journal.walk import Walk

BOUNDS = st.none() | st.integers(-5, 5)
DAYS = st.sampled_from([None, None, dt.date(2026, 1, 31), dt.date(2026, 2, 1)])
SUMS = st.integers(0, 6)
TEXTS = st.sampled_from(["", "t", "taken", "a\nb", "x" * 300])
STANDINGS = st.builds(
    Standing,
    st.builds(Account, st.just("a"), st.sampled_from(["units", "tpp"]), BOUNDS, BOUNDS, DAYS, DAYS),
    st.just(1), SUMS, SUMS, SUMS, SUMS,
)  # fmt: skip
TRANSFERS = st.builds(
    Transfer,
    TEXTS,
    st.sampled_from(["a", "a", "b", "nobody"]),
    st.sampled_from(["b", "b", "a", "nobody"]),
    st.integers(-1, 6) | st.sampled_from([1.0, True, AMOUNT_MAX, AMOUNT_MAX + 1]),
    TEXTS,
    st.sampled_from(["posted", "posted", "posted", *KINDS, "other"]),
    st.none() | st.just(dt.date(2026, 1, 31)),
    TEXTS,
    st.sampled_from(["", "", "h"]),
    st.sampled_from(["", "", "2026-02-01T00:00:00.000000Z"]),
    st.sampled_from(["", "", "t"]),
)


@given(giver=STANDINGS, taker=STANDINGS, transfer=TRANSFERS)
@example(
    giver=Standing(Account("a", "units"), 1, 0, 3),
    taker=Standing(Account("b", "units", ceiling=3), 2),
    transfer=Transfer("t", "a", "b", 3, "move"),
)
def test_a_transfer_needs_no_closer_look_only_if_that_would_find_nothing(
    giver: Standing, taker: Standing, transfer: Transfer
) -> None:
    walk = Walk(
        {"a": giver, "b": taker}, {}, {}, {"taken"}, "2026-01-31", "2026-01-31T12:00:00.000000Z"
    )
    wrong = list(walk.wrong(transfer))
    ordinary = transfer.kind == "posted" and not transfer.reverses
    dated = giver.account.open_from is not None or giver.account.open_until is not None
    if walk.is_plain(transfer):
        assert wrong == []
        assert ordinary
    else:
        assert wrong or not ordinary or dated
