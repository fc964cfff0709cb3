"""Limits on a connection, before anybody is known. Sizes are in bytes, times in seconds."""

KB = 1024

LONGEST_LINE = 8 * KB
"""The request line: 414 beyond it, as RFC 9112 section 3 asks."""
MOST_HEADERS = 64
LONGEST_HEADER = 8 * KB
"""One header with its name, colon and line end."""
LONGEST_HEADERS = 32 * KB
"""All of them together: 431 beyond any of the three."""
LONGEST_HEAD = LONGEST_LINE + LONGEST_HEADERS + 2
LONGEST_FRAMING = 16 * KB
"""Of one body: chunk extensions and trailers, beyond what chunks of one byte each would have."""
FRAMED_BYTE = len("1\r\nx\r\n")
"""What a byte of a body may take, framing included: as much as in a chunk of its own."""
SLICE = 8 * KB
"""The parser is given no more at once, so that nothing grows past a limit before it is looked at."""
MOST_PIPELINED = 16
"""Requests that wait for the answer to an earlier one of their connection."""

PATIENCE = 30.0
"""For a head to be complete, and for a body or the reading of an answer to make progress."""
LEAST_PROGRESS = 16 * KB
"""What a body brings, or a reader takes, in each span of patience."""
LINGER = 5.0
"""How long a refused sender may go on sending, so that it is not cut off before it reads the answer."""
MOST_DISCARDED = 16 * KB * KB
"""What it may send in that time; it is thrown away as it comes."""

MOST_CONNECTIONS = 1_100
"""Of one process. Beyond it the longest waiting sender is closed, or the newcomer refused where none waits."""
FILES_BESIDE = 128
"""File handles that are left for the database and the like."""
FILES_WANTED = MOST_CONNECTIONS + FILES_BESIDE
