"""The context of one write: who changes what belongs to a partnership, and when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from app.config import Settings
from app.db import seq
from app.domain.access.authority import Access, Actor
from app.models.plan.partnership import Partnership
from app.models.row import TrackedRow
from app.record.changes import changes_of
from app.record.event import Event, canonical

R = TypeVar("R", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Change:
    session: Session
    actor: Actor
    partnership_id: int | None
    """None for what belongs to no partnership in particular: a sign-in of somebody who is in several."""
    today: date
    now: datetime
    """When the record says it was made. What runs out by real time takes that beside it, as `clock`."""

    @classmethod
    def of(
        cls, session: Session, actor: Actor, settings: Settings, partnership_id: int | None = None
    ) -> "Change":
        """One that is made now."""
        return cls(session, actor, partnership_id, settings.today(), settings.now())

    @property
    def partnership(self) -> Partnership:
        return self.session.get_one(Partnership, self.partnership_id)

    @property
    def access(self) -> Access | None:
        """What the actor is in the partnership; None for the deployment's own command line and worker."""
        return self.actor.access_in(self.partnership_id) if self.partnership_id is not None else None

    def within(self, partnership_id: int | None) -> "Change":
        """The same change, as the record of another partnership has it."""
        return replace(self, partnership_id=partnership_id)

    def stamp(self) -> dict[str, Any]:
        """Author and time of the change, by column."""
        author = self.actor.author
        return {
            "recorded_at": self.now,
            "recorded_by": self.actor.name,
            "recorded_by_kind": author.kind.value,
            "recorded_by_id": author.id,
        }

    def add(self, row: R) -> R:
        """Adds the row and flushes, so that it has an id. Author and time are the change's unless it has its own."""
        self.add_all([row])
        return row

    def add_all(self, rows: list[R]) -> None:
        for row in rows:
            for name, value in self.stamp().items():
                if name in type(row).model_fields and getattr(row, name) is None:
                    setattr(row, name, value)
        self.session.add_all(rows)
        self.session.flush()

    def touch(self, *rows: TrackedRow) -> None:
        """Moves the rows' `seq` although nothing in them changes: what is told beside them did."""
        for row in rows:
            row.seq = seq(self.session)
        self.session.add_all(rows)

    def record(self, verb: str, kind: str, subject: str, /, **data: Any) -> None:
        """Adds an audit event to this write; it is stored when the write ends (`record.write.finish`).

        `kind` and `subject` name what it is about; `data` must go through JSON. Flushes the session.
        """
        event = Event(
            seq(self.session),
            self.now,
            self.partnership_id,
            self.actor.name,
            verb,
            kind,
            subject,
            canonical(data),
        )
        changes_of(self.session).events.append(event)
        self.session.flush()
