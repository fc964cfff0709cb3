"""The demonstration: a published plan with an invented run of quarters."""
