"""What a fault means to somebody in front of a page."""

from __future__ import annotations

from service.web.pages.page_words import WORDS, say


def fault_words(status: int, name: str) -> tuple[str, str]:
    """Title and text for a fault by its name, else by its status, else in general."""
    for key in (name, str(status)):
        if f"fault.{key}.title" in WORDS:
            return say(f"fault.{key}.title"), say(f"fault.{key}.text")
    return (say("fault.500.title"), say("fault.500.text")) if status >= 500 else (say("fault.400.title"), say("fault.400.text"))
