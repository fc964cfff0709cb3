"""The audit record: each write's changed rows are read back, hashed one by one and chained to its events."""
