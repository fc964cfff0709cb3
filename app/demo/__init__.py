"""The demonstration: a published plan with two quarters of invented returns."""
