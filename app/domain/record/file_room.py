"""Room for files in a deployment: how much is used, and what staff read before it is full."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import FileRefused

MIB = 1024 * 1024
NEARLY_FULL = 80
"""Per cent of the room from which staff are warned."""
GRACE = timedelta(days=1)
"""Time that a file is kept while nothing refers to it."""


@dataclass(frozen=True, slots=True)
class FileRoom:
    """Bytes used by all files of the deployment, and most bytes of all and of one."""

    used: int
    most: int
    most_of_one: int

    @property
    def is_nearly_full(self) -> bool:
        return self.used * 100 >= self.most * NEARLY_FULL

    @property
    def warning(self) -> str | None:
        """Sentence for staff; None while there is room enough."""
        if not self.is_nearly_full:
            return None
        return (
            f"Files take up {_size(self.used)} of the {_size(self.most)} that there is room for. "
            "When it is full no more can be added: ask whoever runs the service for more room, or remove files."
        )

    def require(self, size: int) -> None:
        """Requires room for one more file; raises FileRefused."""
        require_size(size, self.most_of_one)
        if self.used + size > self.most:
            text = (
                f"There is no room for this file: files take up {_size(self.used)} of {_size(self.most)}. "
                "Remove files that are not needed any more, or ask whoever runs the service for more room."
            )
            raise FileRefused("files_full", text, "no_room")


def require_size(size: int, most: int) -> None:
    """Requires that one file is neither empty nor too large; raises FileRefused."""
    if size == 0:
        raise FileRefused("empty_file", "The file is empty. Choose the file again.")
    if size > most:
        text = f"The file is larger than {_size(most)}. Make it smaller, or send it in parts."
        raise FileRefused("too_large", text, "too_large")


def _size(size: int) -> str:
    """Formats bytes in MiB, or in GiB from a thousand MiB up."""
    mib = size / MIB
    if mib < 1000:
        return f"{mib:.1f}".removesuffix(".0") + " MiB"
    return f"{mib / 1024:.1f}".removesuffix(".0") + " GiB"
