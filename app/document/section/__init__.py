"""The sections of the plan document, each in the file of its key."""
