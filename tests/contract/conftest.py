"""The same service and town as the tests of the API have."""

from tests.api.conftest import one_service, one_town, service, stock, town

__all__ = ["one_service", "one_town", "service", "stock", "town"]
