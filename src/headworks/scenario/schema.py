"""The JSON Schema of scenario files, by which editors complete keys and underline faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from headworks.scenario.said import said_of
from headworks.scenario.scenario import DerivedScenario, Scenario

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core.core_schema import ModelSchema

TITLE = "Headworks scenario"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, whole or derived from a base.

    Days are strings in the `date` format, which is how the YAML servers of editors see them.
    """
    wholes = [(Scenario, "validation"), (DerivedScenario, "validation")]
    references, definitions = models_json_schema(
        wholes,  # type: ignore[arg-type]  # a list of pairs, whose second part mypy widens to str
        by_alias=True,
        schema_generator=_Generator,
    )
    whole, derived = (references[pair] for pair in wholes)  # type: ignore[index]
    schemas = definitions["$defs"]
    # A file that stands alone has neither; the reader fills them in.
    for key in ("base", "overrides"):
        del schemas["Scenario"]["properties"][key]
    return {
        "$schema": _Generator.schema_dialect,
        "title": TITLE,
        "if": {"type": "object", "required": ["base"]},
        "then": derived,
        "else": whole,
        "$defs": {name: _closed(schema) for name, schema in sorted(schemas.items())},
    }


class _Generator(GenerateJsonSchema):
    """The generator of pydantic with what the source says of each field.

    It sets no title on every field, which editors show as noise.
    """

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """Return the schema of a record, each field with what is said of it."""
        found = super().model_schema(schema)
        record: type[BaseModel] = schema["cls"]
        for name, text in said_of(record).items():
            key = record.model_fields[name].alias or name
            found["properties"][key].setdefault("description", text)
        return found

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002
        """Return that no field gets a title made from its name."""
        return False


def _closed(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return the schema with mappings closed whose keys have a pattern: other keys are faults."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _closed(part) for key, part in schema.items()}
    if "patternProperties" in result:
        result["additionalProperties"] = False
    return result
