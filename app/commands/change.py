"""The context of one write: session, actor, partnership and time."""

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
    """None for changes of no single partnership, such as a sign-in of a person who is in several."""
    today: date
    now: datetime
    """Time that is recorded. Functions that compare with real time take that separately, as `clock`."""

    @classmethod
    def of(
        cls, session: Session, actor: Actor, settings: Settings, partnership_id: int | None = None
    ) -> "Change":
        """A change with the settings' present time."""
        return cls(session, actor, partnership_id, settings.today(), settings.now())

    @property
    def partnership(self) -> Partnership:
        return self.session.get_one(Partnership, self.partnership_id)

    @property
    def access(self) -> Access | None:
        """The actor's access in the partnership; None for the deployment's own command line and worker."""
        return self.actor.access_in(self.partnership_id) if self.partnership_id is not None else None

    def within(self, partnership_id: int | None) -> "Change":
        """The same change in another partnership's record."""
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
        """Adds rows as `add` does, with one flush."""
        for row in rows:
            stamp = self.stamp()
            if getattr(row, "recorded_by", None) is not None:
                stamp = {"recorded_at": stamp["recorded_at"]}
            for name, value in stamp.items():
                if name in type(row).model_fields and getattr(row, name) is None:
                    setattr(row, name, value)
        self.session.add_all(rows)
        self.session.flush()

    def touch(self, *rows: TrackedRow) -> None:
        """Bumps the rows' `seq` although no column changes: a field shown with them did."""
        for row in rows:
            row.seq = seq(self.session)
        self.session.add_all(rows)

    def record(self, verb: str, kind: str, subject: str, /, **facts: Any) -> None:
        """Adds an audit event to this write; it is stored when the write ends (`record.write.finish`).

        `kind` and `subject` name what it is about; `facts` must go through JSON. Flushes the session.
        """
        event = Event(
            seq(self.session),
            self.now,
            self.partnership_id,
            self.actor.name,
            verb,
            kind,
            subject,
            canonical(facts),
        )
        changes_of(self.session).events.append(event)
        self.session.flush()
