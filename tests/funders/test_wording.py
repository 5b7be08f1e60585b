"""What the matcher says, as a funder reads it about itself."""

from __future__ import annotations

import ast
from pathlib import Path

from innovation.funders import blocking, matching, past_awards
from innovation.funders.fitting import Say
from innovation.funders.wording import TO_FUNDER


def _sentences() -> set[str]:
    """Every sentence of the matcher; docstrings stand alone."""
    found: set[str] = set()
    for module in (matching, blocking, past_awards):
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                found |= {text for text in texts if " " in text}
    return found


def test_every_sentence_about_the_funder_has_its_words_for_the_funder() -> None:
    spoken = {text for text in _sentences() if "the funder" in text.lower() or "mandate" in text}

    assert len(spoken) > 20
    assert spoken - TO_FUNDER.keys() == set()


def test_what_a_part_of_a_province_is_called_comes_from_the_programme() -> None:
    said = _sentences() | set(TO_FUNDER.values())

    assert [text for text in said if "district" in text.lower()] == []


def test_a_funder_reads_you() -> None:
    left = [text for text in TO_FUNDER.values() if "the funder" in text.lower() or "the mandate" in text]

    assert left == []


def test_values_stay_in_their_places() -> None:
    said = Say("The evidence, %(level)s, is just what the funder asks.", {"level": "E2"})

    assert said.to_funder % said.values == "The evidence, E2, is just what you ask."
