"""Tables of figures as files: checked for dangerous content, and read into rows."""
