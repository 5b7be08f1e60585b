"""A browser in words, from what it says of itself."""

from __future__ import annotations

BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> str:
    """``Firefox · Android``; what cannot be told is left out, and nothing known is an empty text."""
    named = (next((name for sign, name in table if sign in user_agent), "") for table in (BROWSERS, SYSTEMS))
    return " · ".join(name for name in named if name)
