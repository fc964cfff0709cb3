"""Marks tables whose rows are never changed or deleted."""


class AppendOnly:
    """The database refuses changes of such rows: the table's migration calls `record.append_only.forbid_changes`."""
