"""Type of short texts in requests about grants."""

from typing import Annotated

from pydantic import StringConstraints
from pydantic.functional_validators import AfterValidator

from app.models.wire import one_line

ShortText = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True), AfterValidator(one_line)]
"""One line, perhaps empty."""
