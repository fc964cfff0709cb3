"""The audit record: what every write changed is read back, hashed row by row and chained to its events."""
