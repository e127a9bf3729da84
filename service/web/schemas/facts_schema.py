"""The base of every request schema: unknown fields are refused, and a load yields the facts' own classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from service.nationality.countries import Country
from service.screening.facts import Nationality
from service.web.json_pointer import pointer
from service.web.schemas.scalars import read_country


class FactsSchema(Schema):
    """A JSON object that becomes one instance of ``yields``; null counts as absent."""

    yields: ClassVar[Callable[..., Any]]

    error_messages: ClassVar[dict[str, str]] = {  # type: ignore[misc]  # marshmallow declares it per instance
        "unknown": "No such field is known here.",
        "type": "Write a JSON object.",
    }

    class Meta:
        unknown = RAISE

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        """The facts, with the defaults of their class where the request is silent."""
        return self.yields(**{name: value for name, value in data.items() if value is not None})


class Part(fields.Nested):
    """An object within a request; null counts as absent unless the part is required."""

    def __init__(self, nested: Any, description: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("allow_none", not kwargs.get("required", False))
        super().__init__(nested, metadata={"description": description}, **kwargs)


class Several(fields.List[Any]):
    """A bounded list; it becomes a tuple (or what ``into`` says). Null counts as absent."""

    def __init__(
        self,
        inner: fields.Field[Any],
        description: str = "",
        *,
        most: int,
        into: Callable[[list[Any]], Any] = tuple,
        check: Callable[[list[Any]], None] | None = None,
    ) -> None:
        self.most = most
        checks = [] if check is None else [check]
        length = validate.Length(max=most, error=f"At most {most} entries are taken.")
        super().__init__(
            inner,
            allow_none=True,
            validate=[length, *checks],
            post_load=[into],
            metadata={"description": description},
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("Write a JSON array.")
        if len(value) > self.most:  # before the entries: a long list costs nothing
            raise ValidationError(f"At most {self.most} entries are taken.")
        return super()._deserialize(value, attr, data, **kwargs)


class NationalityItem(fields.Nested):
    """A nationality as an object, or its country alone as a plain string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            country: Country = read_country(value)
            return Nationality(country=country)
        return super()._deserialize(value, attr, data, *args, **kwargs)


def flatten(messages: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str, str]]:
    """marshmallow's messages as (JSON pointer, detail) pairs, sorted by pointer."""
    if isinstance(messages, Mapping):
        faults: list[tuple[str, str]] = []
        for key, inner in messages.items():
            faults += flatten(inner, path if key == "_schema" else (*path, key))
        return sorted(faults)
    details = messages if isinstance(messages, list) else [messages]
    return [(pointer(path), str(detail)) for detail in details]
