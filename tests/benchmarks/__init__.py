"""The service measured beside a hand-written floor and a conventional ORM endpoint: `python -m tests.benchmarks`."""
