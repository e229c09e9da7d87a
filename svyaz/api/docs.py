"""What the OpenAPI document says: schemas of answers, parameters of lists, errors."""

from typing import Any

from svyaz.api.resources.attributes import COMPARISONS, Filter, Resource
from svyaz.api.resources.question import DEEPEST_OFFSET, DEFAULT_LIMIT, MOST_ROWS

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "number"}
PERIOD: Schema = {"type": "object", "properties": {"startDateTime": MOMENT, "endDateTime": MOMENT}}

ERROR: Schema = {
    "type": "object",
    "required": ["code", "reason", "message", "status"],
    "properties": {"code": TEXT, "reason": TEXT, "message": TEXT, "status": TEXT},
}
ERRORS = {
    400: "A parameter or a field of the body is wrong; `reason` names it.",
    401: "There is no valid token.",
    403: "The permission is missing.",
    404: "It does not exist, or is not yours to see.",
    409: "The request contradicts what is there.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "The Idempotency-Key was used for another request.",
    429: "The token calls too often; Retry-After says how long to wait.",
}
IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key with the same body is answered as the first time and does nothing more (24 hours).",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"},
}


def record(required: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """Return the schema of an object."""
    schema: Schema = {"type": "object", "properties": properties}
    return {**schema, "required": list(required)} if required else schema


def many(schema: Schema) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": schema}


def reference(*required: str) -> Schema:
    """Return the schema of TM Forum's reference to another resource."""
    names = ("id", "href", "name", "role", "@referredType", "@type")
    return record(("id", *required), **dict.fromkeys(names, TEXT))


def content(schema: Schema, description: str, **headers: str) -> Schema:
    """Return the description of an answer."""
    described: Schema = {"description": description, "content": {"application/json": {"schema": schema}}}
    if headers:
        described["headers"] = {
            name.replace("_", "-"): {"description": text, "schema": TEXT} for name, text in headers.items()
        }
    return described


def errors(*statuses: int) -> dict[int, Schema]:
    """Return the descriptions of the errors that an operation may answer."""
    return {status: content(ERROR, ERRORS[status]) for status in statuses}


def schema_of(resource: Resource) -> Schema:
    """Return the schema of a resource's JSON; what the caller may not see, or what is empty, is absent."""
    always = [attribute.name for attribute in resource.attributes if attribute.is_always_given]
    return record(tuple(always), **{attribute.name: attribute.schema for attribute in resource.attributes})


def one_of(resource: Resource) -> Schema:
    """Return what an operation that answers one row adds to the document."""
    return {
        "parameters": [_fields(resource)],
        "responses": {
            200: content(schema_of(resource), f"The {resource.name}."),
            **errors(400, 401, 403, 404, 429),
        },
    }


def list_of(resource: Resource, *more: Schema) -> Schema:
    """Return what an operation that answers a list adds to the document."""
    page = content(
        many(schema_of(resource)), "The page.",
        X_Total_Count="How many there are; an estimate past ten thousand.", X_Result_Count="How many this page has.",
        Link="Addresses of the first, next, previous and last page.",
    )  # fmt: skip
    partial = {**page, "description": "A part of the list, because `limit` or `offset` asked for it."}
    return {
        "parameters": [*_parameters(resource), *more],
        "responses": {200: page, 206: partial, **errors(400, 401, 403, 404, 429)},
    }


def parameter(name: str, schema: Schema, description: str) -> Schema:
    """Return the description of a parameter in the query."""
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _parameters(resource: Resource) -> list[Schema]:
    sorts = [way + name for name in resource.sorts for way in ("", "-")]
    return [
        *(_filter_parameter(name, each) for name, each in resource.filters.items()),
        _fields(resource),
        parameter("sort", TEXT, f"Comma-separated, of: {', '.join(sorts)}."),
        parameter(
            "limit",
            {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_LIMIT},
            "Rows of a page.",
        ),
        parameter("offset", {"type": "integer", "minimum": 0, "maximum": DEEPEST_OFFSET}, "Rows to leave out."),
        parameter("after", TEXT, "The place after which the page begins; taken from the Link header."),
    ]


def _filter_parameter(name: str, declared: Filter) -> Schema:
    said = "Comma-separated values mean any of them."
    if more := sorted(declared.operators - {"eq"}):
        said += f" Also as {', '.join(f'{name}.{operator}' for operator in more)}."
    if declared.operators >= COMPARISONS and declared.kind == "timestamptz":
        said += " A date-time of RFC 3339 or a day."
    return parameter(name, TEXT, said)


def _fields(resource: Resource) -> Schema:
    names = ", ".join(attribute.name for attribute in resource.attributes if not attribute.is_always_given)
    return parameter("fields", TEXT, f"Comma-separated, dotted for parts, or `none`; of: {names}.")


def relationship_schema() -> Schema:
    """Return the description of the 360° view; a panel that the caller may not see is absent."""
    panel = record(("items", "count"), items=many({"type": "object"}), count={"type": "integer"})
    panels = {"type": "object", "additionalProperties": {"anyOf": [panel, {"type": ["object", "null"]}]}}
    schema = record(("party", "panels"), party={"type": "object"}, panels=panels)
    return content(schema, "The relationship: who it is, solvency, and a panel for each side of it.")
