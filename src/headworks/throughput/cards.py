"""Models by name: the cards of a data folder, or a `config.json` on disk."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from headworks.errors import Fault, ScenarioError, UnknownName
from headworks.scenario.aliases import plain
from headworks.scenario.catalogue import Catalogue, catalogue, data_folder, missing_sources
from headworks.scenario.faults import describe
from headworks.scenario.whole_file import exists
from headworks.scenario.yaml_file import read_yaml
from headworks.throughput.hugging_face import from_config
from headworks.throughput.model_card import ModelCard, ModelFile
from headworks.throughput.precision import ALIASES, BYTES, named

if TYPE_CHECKING:
    from collections.abc import Iterator

SEE_MODELS = "`headworks worth --list`"
"""What shows all models, for messages."""
VARIANT = re.compile(
    r"(?P<rest>.+)[-_ ](instruct|base|chat|hf|it|thinking|dynamic|block|quantized|\d{4}|99(\.9)?"
    r"|v\d(\.\d)?|bf16|fp16|fp8|fp4|nvfp4|mxfp4|mxfp8|int8|int4|w8a8|w4a16|w4a8|awq|gptq)",
    re.IGNORECASE,
)
"""A name with the last word of a variant: how it was tuned, what weights are stored in, when."""
REMEDY = "name one of these, or give the path of its Hugging Face config.json"


def model(name: str | Path) -> ModelCard:
    """Return the card of a model.

    Args:
        name: Id, name or alias, compared without case, blanks and dashes, with or without the
            publisher before a slash; or the path of a `config.json` or of the folder that holds it.

    Raises:
        UnknownName: No model is called that.
        InputError: The file cannot be read, or is no configuration of a language model.
    """
    if isinstance(name, Path):
        return from_config(name)
    spelled = _spellings()
    given = str(name)  # a caller may give anything
    for spelling in _shortened(given):
        if plain(spelling) in spelled:
            return models()[spelled[plain(spelling)]]
    if given.endswith(".json") or _exists(given):
        return from_config(given)
    raise UnknownName("model", given, models(), spelled=spelled, see=SEE_MODELS, remedy=REMEDY)


@cache
def models(folder: Path | None = None) -> dict[str, ModelCard]:
    """Return the cards of a data folder by id; of the packaged data if None.

    Raises:
        ScenarioError: Files of the folder have faults; all of them are listed.
    """
    known = catalogue(folder)
    faults: list[Fault] = []
    cards: dict[str, ModelCard] = {}
    owners: dict[str, str] = {}
    for path in sorted(((folder or data_folder()) / "models").glob("*.yaml")):
        for model_id, card in _read(path, known, faults).items():
            for spelling in (model_id, card.name, *card.aliases):
                owner = owners.setdefault(plain(spelling), model_id)
                if owner != model_id or model_id in cards:
                    message = f"the name {spelling!r} already belongs to {owner!r}"
                    faults.append(Fault(str(path), 0, f"models.{model_id}", message, "rename one"))
            cards[model_id] = card
    if faults:
        raise ScenarioError(sorted(set(faults)))
    return cards


@cache
def _spellings() -> dict[str, str]:
    """Return the id that each spelling stands for."""
    return {
        plain(spelling): model_id
        for model_id, card in models().items()
        for spelling in (model_id, card.name, *card.aliases)
    }


def _read(path: Path, known: Catalogue, faults: list[Fault]) -> dict[str, ModelCard]:
    """Return the cards in a file, or none after adding its faults."""
    try:
        document = read_yaml(path)
    except ScenarioError as error:
        faults.extend(error.faults)
        return {}
    faults.extend(document.faults)
    try:
        record = ModelFile.model_validate(document.tree)
    except ValidationError as error:
        faults.extend(describe(error, document, model=ModelFile))
        return {}
    faults.extend(missing_sources(record, document, known))
    return record.models


def _shortened(name: str) -> Iterator[str]:
    """Yield a name as it is given, without its publisher, and with ever fewer variant words."""
    yield name
    rest = name.rpartition("/")[2]
    yield rest
    while (found := VARIANT.fullmatch(rest)) is not None:
        rest = found["rest"]
        yield rest


def precision_named(name: str) -> str | None:
    """Return the precision that a model's name ends in, such as that of `Qwen3-32B-FP8`."""
    for word in reversed(name.lower().replace("_", "-").split("-")):
        if word in {*BYTES, *ALIASES}:
            return named(word)
    return None


def _exists(path: str) -> bool:
    """Return whether there is such a file; a name that no file can have is none."""
    return bool(path.strip()) and exists(path)
