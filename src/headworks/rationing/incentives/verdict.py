"""What best replies come to: the verdict, the orders and what claimants gain by them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.rationing.exact import rounded, significant, written
from headworks.rationing.incentives.terms import NOTHING

if TYPE_CHECKING:
    from headworks.rationing.incentives.game import Game

VERDICTS = {
    "truthful": "truth",
    "inflated": "above needs",
    "shaded": "below needs",
    "capped": "held by cap",
    "runaway": "runaway",
    "cycle": "loop",
    "rising": "still rising",
    "unsettled": "unsettled",
    "unsought": "not sought",
}
"""What best replies come to, as a table says it."""


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """What best replies, one claimant after the other from the truth on, come to."""

    game: Game
    verdict: str
    """One of `VERDICTS`."""
    requests: tuple[Fraction, ...]
    """Where they stand at the end; no equilibrium if the verdict says that there is none."""
    awards: tuple[Fraction, ...]
    trace: tuple[Fraction, ...]
    """Total of the requests: the truth, then after each round of replies."""
    at_limit: tuple[str, ...] = ()
    """Who requests all that the cap, or the bound, allows."""
    loop: tuple[tuple[Fraction, ...], ...] = ()
    """The requests that come round again and again, each after a round; empty without a loop."""
    regret: Fraction = NOTHING
    """The most that anybody would still gain by moving, in useful units; above 0 only where the
    requests that would settle lie between the steps of the grid."""
    profiles: int = 0
    """Combinations of requests of which none is an equilibrium; 0 where not all were checked."""
    tries: int = 0
    """Requests whose awards were compared on the way."""

    @property
    def settled(self) -> bool:
        """Whether the requests are an equilibrium of the game as it is, without the bound."""
        return self.verdict in ("truthful", "inflated", "shaded", "capped")

    @property
    def rounds(self) -> int:
        """Rounds of replies until nobody moved, or until it was given up."""
        return len(self.trace) - 1

    @property
    def total(self) -> Fraction:
        """All requests together."""
        return sum(self.requests, NOTHING)

    @property
    def inflation(self) -> Fraction:
        """Requests over needs."""
        return self.total / sum(self.game.needs, NOTHING)

    @property
    def useful(self) -> tuple[Fraction, ...]:
        """What each is awarded and needs."""
        return tuple(map(min, self.awards, self.game.needs))

    @property
    def payoffs(self) -> tuple[Fraction, ...]:
        """What each gains in all, in useful units."""
        pairs = enumerate(zip(self.requests, self.awards, strict=True))
        return tuple(self.game.payoff(n, *pair) for n, pair in pairs)

    @property
    def finding(self) -> str:
        """The finding as a sentence."""
        stand = f"{rounded(self.inflation, fixed=True)} times the needs"
        who = ", ".join(self.at_limit)
        rounds = f"{self.rounds} round{'' if self.rounds == 1 else 's'}"
        within = f", to within {significant(self.regret)} useful units" if self.regret else ""
        settled = f"orders settle at {stand}, after {rounds}{within}"
        sentences = {
            "truthful": f"truth is an equilibrium: nobody gains by another request{within}",
            "inflated": settled,
            "shaded": settled,
            "capped": f"orders settle at {stand}{within}; the cap holds {who}",
            "runaway": (
                f"best replies run to the bound of {rounded(self.game.bound, 0)}: "
                f"{who} went as far, and would go on"
            ),
            "rising": f"after {rounds} requests still rise; orders stand at {stand}",
            "unsettled": f"after {rounds} best replies still move; orders stand at {stand}",
            "unsought": "no equilibrium was sought",
        }
        return sentences.get(self.verdict) or self._round_and_round()

    def _round_and_round(self) -> str:
        totals = [sum(requests, NOTHING) for requests in self.loop]
        between = f"{rounded(min(totals), 0)} and {rounded(max(totals), 0)}"
        proof = f"; none of all {self.profiles:,} combinations is an equilibrium"
        return (
            f"best replies go round a loop of {len(self.loop)} rounds, with orders between "
            f"{between}{proof if self.profiles else ''}"
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "rule": self.game.rule.name,
            "terms": self.game.terms.to_json(),
            "step": written(self.game.step),
            "bound": written(self.game.bound),
            "verdict": self.verdict,
            "finding": self.finding,
            "names": list(self.game.names),
            "needs": [written(need) for need in self.game.needs],
            "requests": [written(request) for request in self.requests],
            "awards": [written(award) for award in self.awards],
            "useful": [written(useful) for useful in self.useful],
            "payoffs": [written(payoff) for payoff in self.payoffs],
            "order_total": written(self.total),
            "inflation": written(self.inflation),
            "regret": written(self.regret),
            "rounds": self.rounds,
            "trace": [written(total) for total in self.trace],
            "at_limit": list(self.at_limit),
            "loop": [[written(request) for request in requests] for requests in self.loop],
            "profiles_checked": self.profiles,
            "requests_tried": self.tries,
        }
