"""Limits on a connection, before its sender is authenticated. Sizes are in bytes, times in seconds."""

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
"""Chunk extensions and trailers of one body, beyond the framing of chunks of one byte each."""
FRAMED_BYTE = len("1\r\nx\r\n")
"""Bytes that one byte of a body may take with its framing: a chunk of its own."""
SLICE = 8 * KB
"""Most bytes given to the parser at once, so that nothing grows past a limit before it is checked."""
MOST_PIPELINED = 16
"""Requests that wait for the answer to an earlier one of their connection."""

PATIENCE = 30.0
"""Time for a head to be complete, and for a body or the reading of an answer to make progress."""
LEAST_PROGRESS = 16 * KB
"""Least bytes of a body received, or of an answer taken, in each PATIENCE."""
LINGER = 5.0
"""Time in which a refused sender may go on sending, so that it can read the answer."""
MOST_DISCARDED = 16 * KB * KB
"""Most bytes it may send in that time; they are discarded."""

MOST_CONNECTIONS = 1_100
"""Of one process. Beyond it the longest waiting connection is closed; if none waits, the new one is refused."""
FILES_BESIDE = 128
"""File handles reserved for the database and the like."""
FILE_LIMIT = MOST_CONNECTIONS + FILES_BESIDE
