"""Models by name: the cards of a data folder, or a `config.json` on disk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from headworks.errors import Fault, ScenarioError, UnknownName
from headworks.scenario.aliases import plain
from headworks.scenario.catalogue import Catalogue, catalogue, data_folder, missing_sources
from headworks.scenario.faults import describe
from headworks.scenario.yaml_file import read_yaml
from headworks.throughput.hugging_face import from_config
from headworks.throughput.model_card import ModelCard, ModelFile
from headworks.throughput.model_names import (
    holds_config,
    is_path,
    is_there,
    precision_named,
    shortened,
)

SEE_MODELS = "`headworks worth --list`"
"""What shows all models, for messages."""
REMEDY = "name one of these, or give the path of its Hugging Face config.json"


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model as it was asked for: its card, and what the name tells besides."""

    card: ModelCard
    precision: str | None = None
    """Precision that the name tells, such as fp8 of `Qwen3-32B-FP8`; None where it tells none, and
    for what is read from a file, which tells its own."""
    remark: str | None = None
    """What the name might have meant, too; None where it can mean one thing only."""


def model(name: str | Path) -> ModelCard:
    """Return the card of a model.

    Args:
        name: Id, name or alias, compared without case, blanks and dashes, with or without the
            publisher before a slash; or the path of a `config.json` or of the folder that holds it.

    Raises:
        UnknownName: No model is called that.
        InputError: The file cannot be read, or is no configuration of a language model.
    """
    return named_model(name).card


def named_model(name: str | Path) -> NamedModel:
    """Return the model that a name or a path stands for, with what the name tells besides.

    A name with a slash under which a configuration lies is a path. A name without one is first that
    of a model that is known, wherever it is asked, and only then that of a folder.

    Args:
        name: As for `model`.

    Raises:
        UnknownName: No model is called that.
        InputError: The file cannot be read, or is no configuration of a language model.
    """
    given = str(name)  # a caller may give anything
    if isinstance(name, Path) or is_path(given):
        return NamedModel(from_config(given))
    spelled = _spellings()
    known = next((spelled[one] for one in map(plain, shortened(given)) if one in spelled), None)
    if known is not None:
        card = models()[known]
        return NamedModel(card, precision_named(given), _passed_over(given, card))
    if is_there(given):
        return NamedModel(from_config(given))
    raise UnknownName("model", given, models(), spelled=spelled, see=SEE_MODELS, remedy=REMEDY)


def _passed_over(name: str, card: ModelCard) -> str | None:
    """Return what is said where a folder has the name of a model that is known, too."""
    if not holds_config(name):
        return None
    return (
        f"model: {card.name}, as {name!r} is known, not the config.json in the folder of that name "
        f"here, which is ./{name}"
    )


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
