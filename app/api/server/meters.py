"""What is counted of every request since the process started."""

from prometheus_client import CollectorRegistry, Counter

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""Others, and addresses where there is nothing, are counted together: names that anybody makes up fill no memory."""


class Meters:
    """Counted since the process started."""

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
        """Found once: the library takes longer to look one up than to count."""

    def count(self, method: str, route: str | None, status: int) -> None:
        named = (method if method in METHODS else "other", route, status)
        counter = self._counters.get(named)
        if counter is None:
            counter = self._counters[named] = self.requests.labels(named[0], route or "none", str(status))
        counter.inc()
