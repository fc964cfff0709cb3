"""How a command says that it cannot go on. Apart from the rest, so that raising it costs no imports."""


class Stop(Exception):
    """Its text says why and what to do, to the person at the keyboard."""
