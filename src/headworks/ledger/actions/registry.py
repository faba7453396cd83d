"""The actions that there are, and how one is read from plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from pydantic import ValidationError

from headworks.errors import Fault, InputError, UnknownName
from headworks.ledger.actions import (
    applications,
    checkpoints,
    conditions,
    corrections,
    customs,
    draws,
    endings,
    installations,
    licences,
    orders,
    parties,
    pools,
    proposals,
    rounds,
    shipments,
    suspensions,
    transfers,
)
from headworks.ledger.actions.action import Action

MODULES = (
    parties, pools, rounds, transfers, applications, conditions, licences, suspensions, endings,
    orders, shipments, draws, corrections, installations, proposals, checkpoints, customs,
)  # fmt: skip


@cache
def actions() -> dict[str, type[Action]]:
    """Return the record of each action, by the action's name."""
    found: dict[str, type[Action]] = {}
    for module in MODULES:
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Action) and "action" in one.model_fields:
                for name in get_args(one.model_fields["action"].annotation):
                    found[name] = one
    return found


def action_of(plain: Action | Mapping[str, Any]) -> Action:
    """Return an action from its fields.

    Raises:
        InputError: There is no such action, or its fields are wrong; all faults are listed.
    """
    if isinstance(plain, Action):
        return plain
    name = plain.get("action")
    if name not in actions():
        raise UnknownName("action", str(name), actions(), see="headworks ledger post --list")
    try:
        return actions()[str(name)].model_validate_json(json.dumps(dict(plain), default=str))
    except ValidationError as error:
        raise InputError(
            [
                Fault(
                    str(name), 0, ".".join(str(part) for part in item["loc"]),
                    f"{item['msg'][0].lower()}{item['msg'][1:]}",
                    f"see `headworks ledger post {name} --list`",
                )
                for item in error.errors()
            ]
        ) from None  # fmt: skip
