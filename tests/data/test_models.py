"""The model cards that the package ships: names, sources, and agreement with what was published."""

from __future__ import annotations

import pytest

from headworks.throughput import counts, model, models

# fmt: off
NAMED = [
    "llama-3.1-8b", "llama-3.1-70b", "llama-3.1-405b", "llama-3.3-70b", "llama-3-8b", "llama-3-70b",
    "llama-2-13b", "llama-2-70b", "qwen3-8b", "qwen3-32b", "qwen3-30b-a3b", "qwen3-235b-a22b",
    "deepseek-v3", "deepseek-r1", "gpt-oss-120b", "gpt-oss-20b", "mixtral-8x7b",
    "llama-4-maverick", "gpt-3-175b", "pangu-ultra", "pangu-ultra-moe",
]
# fmt: on

TOTAL = 0.015
"""Share by which the sum of a shape may miss the published total: publishers round to two or three
digits, and some count a second part, such as that for pictures."""
ACTIVE = 0.03
"""The same for the parameters that a token uses, which are rounded to whole billions."""
ROUNDED_DOWN = {"glm-4.5-air": 0.07}
"""Published figures that name the billion below."""


@pytest.mark.parametrize("name", NAMED)
def test_a_named_model_is_there(name: str) -> None:
    assert name in models()


@pytest.mark.parametrize("name", models())
def test_the_shape_adds_up_to_the_published_total(name: str) -> None:
    card = model(name)
    assert card.total_parameters is not None
    assert counts.parameters(card) == pytest.approx(card.total_parameters, rel=TOTAL)


@pytest.mark.parametrize("name", [name for name, card in models().items() if card.experts])
def test_the_shape_adds_up_to_the_published_active_parameters(name: str) -> None:
    """Publishers count the embedding of the input as active or not; one reading must agree."""
    card = model(name)
    assert card.active_parameters is not None
    readings = (counts.active_parameters(card), counts.multiplied_parameters(card))
    misses = [abs(reading / card.active_parameters - 1) for reading in readings]
    assert min(misses) <= ROUNDED_DOWN.get(name, ACTIVE)


@pytest.mark.parametrize("name", models())
def test_a_card_says_where_its_shape_comes_from(name: str) -> None:
    card = model(name)
    assert card.source is not None
    assert card.kind == "stated" or card.method is not None
    assert card.released is not None


@pytest.mark.parametrize("name", models())
def test_a_name_is_found_by_itself(name: str) -> None:
    card = model(name)
    assert all(model(spelling) is card for spelling in (card.name, *card.aliases))
