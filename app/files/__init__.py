"""Tables of figures as files: looked through for what they must not be, and read into rows."""
