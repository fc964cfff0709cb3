"""Link to a resource, as answers hold it."""

from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Link:
    """A resource by its collection and id. `app.api` alone knows addresses: it writes a link as one."""

    __slots__ = ("collection", "id")

    def __init__(self, collection: str, id_: int | str) -> None:
        self.collection = collection
        self.id = id_

    @classmethod
    def to(cls, collection: str, id_: int | str | None) -> "Link | None":
        """Links to nothing where there is no id."""
        return cls(collection, id_) if id_ is not None else None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A text on the wire."""
        return core_schema.str_schema()
