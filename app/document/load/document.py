"""A load with the whole document, for the sections that are not in the registry yet."""

from dataclasses import dataclass, field

from app.document.kit.load import Load
from app.document.shape import PlanDocument


@dataclass
class Work(Load):
    document: PlanDocument = field(kw_only=True)
