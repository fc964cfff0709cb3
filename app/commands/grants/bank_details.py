"""Masks bank details in the texts of a request before anything is stored."""

from app.domain.grants.bank_details import WARNING, mask_bank_details


class MaskedTexts:
    """Masks one text after another, and remembers whether any had bank details."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def mask(self, text: str) -> str:
        masked = mask_bank_details(text)
        if masked != text and not self.warnings:
            self.warnings.append(WARNING)
        return masked
