"""The base of every input and output model, and the codes of API.md that their validators raise."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import (
    MISSING,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import override

Code = Literal[
    "required",
    "unknown-field",
    "unknown-parameter",
    "repeated-parameter",
    "wrong-type",
    "not-nullable",
    "empty",
    "too-short",
    "too-long",
    "too-many",
    "out-of-range",
    "not-in-list",
    "bad-format",
    "bad-character",
    "not-visible",
    "bad-date-time",
    "bad-date",
    "bad-time-zone",
    "bad-region",
    "bad-email",
    "bad-url",
    "order",
    "exactly-one",
    "unknown-reference",
]
CODES: frozenset[str] = frozenset(get_args(Code))


def rule_error(code: Code, message: str, *at: str | int) -> PydanticCustomError:
    """Build the error a validator raises; `at` leads from the model to the field it is about.

    `raise rule_error("order", "ends_at must not lie before occurred_at", "ends_at")`
    """
    # Braces in a template would be filled in from the context, so the words travel as context.
    return PydanticCustomError(code, "{words}", {"words": message, "at": at})


def string(value: object) -> str:
    """Return the value, which must be a string."""
    if not isinstance(value, str):
        raise rule_error("wrong-type", "Must be a string.")
    return value


class Parsed:
    """Metadata for `Annotated`: one function reads the value, one JSON schema describes it, in both directions.

    `parse` gets whatever JSON held (or, in an Out model, the finished value) and returns it or raises `rule_error`.
    """

    __slots__ = ("dump", "parse", "schema")

    def __init__(
        self,
        parse: Callable[[object], object],
        schema: Mapping[str, object],
        dump: Callable[[Any], str] | None = None,
    ) -> None:
        self.parse = parse
        self.schema = dict(schema)
        self.dump = dump

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        serialization = (
            core_schema.plain_serializer_function_ser_schema(self.dump, when_used="json") if self.dump else None
        )
        return core_schema.no_info_plain_validator_function(self.parse, serialization=serialization)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return dict(self.schema)


class _Model(BaseModel):
    @classmethod
    @override
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Drop the titles pydantic derives from field names: they repeat the names."""
        result = handler(schema)
        for described in handler.resolve_ref_schema(result).get("properties", {}).values():
            described.pop("title", None)
        return result


class In(_Model):
    """A strict input: unknown fields refused, nothing converted, immutable; null only where the type says `| None`.

    class ClientIn(In):
        id: Id | None = None
        name: Annotated[str, Line(200)]
        goals: Annotated[tuple[Goal, ...], Items(20)] = ()
    """

    #: For those without a credential: the fields that say who sends this, with what shows it. A retry is told by them.
    known_by: ClassVar[tuple[str, ...]] = ()

    #: Parameters that are not for client logins, whatever they say.
    not_for_clients: ClassVar[frozenset[str]] = frozenset()
    #: Whether a request without any body is one with nothing in it.
    may_be_missing: ClassVar[bool] = False

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )


class Patch(In):
    """A merge patch (RFC 7396): every field is `… | MISSING = MISSING`, nullable ones `… | MISSING | None = MISSING`.

    class ClientPatch(Patch):
        name: Annotated[str, Line(200)] | MISSING = MISSING          # null: not-nullable
        region: Region | MISSING | None = MISSING                    # null clears

    mypy knows that a field may be absent (`if patch.name is not MISSING`); `changes()` holds only what was sent.
    """

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @classmethod
    @override
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for name, field in cls.model_fields.items():
            if field.default is not MISSING:
                raise TypeError(f"{cls.__name__}.{name} must default to MISSING: absent means keep")

    @model_validator(mode="after")
    def _something_is_sent(self) -> Self:
        if not self.model_fields_set:
            raise rule_error("empty", "Name at least one field to change.")
        return self

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent, nulls included, in the order of the model."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}


class Out(_Model):
    """An answer. Instants must be `Instant`: a bare datetime would not be written with six digits and `Z`."""

    # Not closed in the document: readers must take fields that come later (API.md C18).
    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True, hide_input_in_errors=True)

    @classmethod
    @override
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for name, field in cls.model_fields.items():
            if _has_bare_datetime(field.annotation, field.metadata):
                raise TypeError(f"{cls.__name__}.{name}: use Instant instead of datetime")


def _has_bare_datetime(annotation: object, metadata: Iterable[object] = ()) -> bool:
    if any(isinstance(item, Parsed) for item in metadata):
        return False
    if get_origin(annotation) is Annotated:
        inner, *rest = get_args(annotation)
        return _has_bare_datetime(inner, rest)
    return annotation is datetime or any(_has_bare_datetime(inner) for inner in get_args(annotation))
