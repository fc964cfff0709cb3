"""The same service and town as the tests of the API have."""

from tests.api.conftest import one_service, one_town, service, still_service, still_town, stock, town

__all__ = ["one_service", "one_town", "service", "still_service", "still_town", "stock", "town"]
