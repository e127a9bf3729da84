"""The base of our own fields: strict about the JSON type, null for unknown, values never repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from marshmallow import fields

ValueT = TypeVar("ValueT")


class StrictField(fields.Field[ValueT], Generic[ValueT]):
    """A field that reads one JSON value by :meth:`read`; ``described`` goes into OpenAPI.

    Null counts as unknown unless the field is required. The message of a ValidationError never
    repeats what was sent: it may be personal data, and errors are logged and shown.
    """

    def __init__(self, described: dict[str, Any], **kwargs: Any) -> None:
        kwargs.setdefault("allow_none", not kwargs.get("required", False))
        described.update(kwargs.pop("metadata", {}))
        super().__init__(metadata=described, **kwargs)

    def read(self, value: Any) -> ValueT:
        """The value in our own type; ValidationError where it cannot be read."""
        raise NotImplementedError

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> ValueT:  # noqa: ARG002  # marshmallow's signature
        return self.read(value)
