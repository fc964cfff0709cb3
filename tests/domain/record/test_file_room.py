"""How much room there is for files, and when staff are told."""

import pytest

from app.domain.errors import FileRefused
from app.domain.record.file_room import MIB, FileRoom


@pytest.mark.parametrize(
    ("used", "is_warned"), [(0, False), (79 * MIB, False), (80 * MIB, True), (100 * MIB, True)]
)
def test_staff_are_told_from_four_fifths(used: int, is_warned: bool) -> None:
    assert (FileRoom(used, 100 * MIB, 10 * MIB).warning is not None) is is_warned


def test_the_warning_names_both_sizes() -> None:
    warning = FileRoom(1_843 * MIB, 2_048 * MIB, 10 * MIB).warning
    assert warning is not None
    assert warning.startswith("Files take up 1.8 GiB of the 2 GiB that there is room for.")


@pytest.mark.parametrize(
    ("used", "size", "refusal"),
    [
        (0, 1, None),
        (0, 10 * MIB, None),
        (90 * MIB, 10 * MIB, None),
        (90 * MIB + 1, 10 * MIB, ("files_full", "no_room")),
        (0, 10 * MIB + 1, ("too_large", "too_large")),
        (0, 0, ("empty_file", "wrong")),
    ],
)
def test_what_there_is_room_for(used: int, size: int, refusal: tuple[str, str] | None) -> None:
    room = FileRoom(used, 100 * MIB, 10 * MIB)
    if refusal is None:
        room.require(size)
        return
    with pytest.raises(FileRefused) as caught:
        room.require(size)
    assert (caught.value.code, caught.value.why) == refusal
