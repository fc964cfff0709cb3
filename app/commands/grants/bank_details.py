"""Masks bank details in the texts of a request before anything is stored."""

from app.domain.grants.bank_details import WARNING, mask_bank_details

LONGEST = (500, 10_000)
"""Characters of a line and of prose: what replaces bank details may be longer than they are."""


class MaskedTexts:
    """Masks one text after another, and remembers whether any had bank details."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def mask(self, text: str) -> str:
        masked = mask_bank_details(text)
        if masked != text and not self.warnings:
            self.warnings.append(WARNING)
        longest = next((limit for limit in LONGEST if len(text) <= limit), len(masked))
        return masked[:longest]
