"""Counters of requests since the process started."""

from prometheus_client import CollectorRegistry, Counter

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""Other methods, and unknown addresses, are counted together, so that made-up names fill no memory."""


class Meters:
    """Prometheus counters of requests and of cached responses."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "saferplan_requests",
            "Requests answered, by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.cached = Counter(
            "saferplan_cached_answers",
            "Reads by whether an earlier answer could be given again.",
            ("outcome",),
            registry=self.registry,
        )
        self.hit, self.miss = self.cached.labels("hit"), self.cached.labels("miss")
        self._counters: dict[tuple[str, str | None, int], Counter] = {}
        """Counters by labels: the library takes longer to look one up than to count."""

    def count(self, method: str, route: str | None, status: int) -> None:
        """Counts a request."""
        labels = (method if method in METHODS else "other", route, status)
        counter = self._counters.get(labels)
        if counter is None:
            counter = self._counters[labels] = self.requests.labels(labels[0], route or "none", str(status))
        counter.inc()
