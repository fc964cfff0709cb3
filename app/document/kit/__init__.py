"""The parts that every section of the plan document is made of."""
