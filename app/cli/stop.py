"""The error that ends a command. A module of its own, so that raising it costs no imports."""


class Stop(Exception):
    """Ends a command; its text tells the person why and what to do."""
