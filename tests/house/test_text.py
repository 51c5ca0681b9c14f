"""One rule of what text may hold: the validators', the API's description's and Unicode's."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from concordat.kernel.reference.fields import list_errors
from concordat.kernel.text import LINE_PATTERN, TEXT_PATTERN, check_line, check_text

pytestmark = pytest.mark.once
RULES = [(check_line, LINE_PATTERN), (check_text, TEXT_PATTERN)]


def takes(check, text):
    try:
        check(text)
    except ValidationError:
        return False
    return True


def test_every_character_that_cannot_be_seen_is_refused_and_no_other():
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        category = unicodedata.category(character)
        hidden = category in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in "\u200c\u200d"
        if category != "Cn":  # a later Unicode may have given it a meaning
            assert takes(check_line, f"a{character}") != hidden, f"U+{code:04X}"
    assert takes(check_text, "one\n\ttwo\r\n")


@pytest.mark.parametrize(("check", "pattern"), RULES)
@given(text=st.text(st.sampled_from("a \n\t\u200b\u202e\u200d\u00ad\U000e0041é\u3164\ufe0f")))
def test_what_the_api_says_it_takes_is_what_it_takes(check, pattern, text):
    described = re.compile(pattern.removesuffix("$") + r"\Z")  # as ECMA reads `$`
    assert takes(check, text) == bool(described.match(text))


@pytest.mark.parametrize("check", [check_line, check_text])
def test_spaces_alone_are_not_text(check):
    assert takes(check, "")
    assert not takes(check, "  ")


@pytest.mark.parametrize(
    "blank", ["\u200d", "\u3164", "\u2800 \ufe0f", "\u115f\u1160", "\U000e0100"]
)
@pytest.mark.parametrize("check", [check_line, check_text])
def test_what_shows_nothing_is_not_text_alone(check, blank):
    assert not takes(check, blank)
    assert takes(check, f"♥{blank}")
    assert list_errors([blank]) == ["Item 1 must be text."]
