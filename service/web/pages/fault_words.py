"""What a fault means to somebody in front of a page."""

from __future__ import annotations

from service.web.wording.pages import WORDS, say


def fault_words(status: int, name: str) -> tuple[str, str]:
    """Title and text for a fault by its name, else by its status, else in general."""
    for key in (name, str(status)):
        if f"fault.{key}.title" in WORDS:
            return say(f"fault.{key}.title"), say(f"fault.{key}.text")
    general = 500 if status >= 500 else 400
    return say(f"fault.{general}.title"), say(f"fault.{general}.text")
