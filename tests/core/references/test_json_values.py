"""The strings of a JSON text with their key paths and places, whatever state the text is in."""

from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.config.json_values import entries, strings


def values(text: str) -> list[tuple[str, str]]:
    return [(".".join(map(str, path)), value) for path, _, _, value in strings(text)]


def test_each_string_comes_with_the_keys_that_lead_to_it() -> None:
    text = '{"a": "x", "b": {"c": ["y", {"d": "z"}, "w"]}, "e": 1, "f": "last"}'
    assert values(text) == [("a", "x"), ("b.c.0", "y"), ("b.c.1.d", "z"), ("b.c.2", "w"), ("f", "last")]


def test_comments_trailing_commas_and_single_quotes_are_borne() -> None:
    text = '// a\n{ /* "no": "no" */ \'a\': \'x\', b: ["y", // "no"\n ], }'
    assert values(text) == [("a", "x"), ("b.0", "y")]


def test_what_is_written_is_kept_beside_what_it_means() -> None:
    text = r'{"a": "src\/\u0061\n"}'
    assert [(offset, raw, value) for _, offset, raw, value in strings(text)] == [
        (7, r"src\/\u0061\n", "src/a\n")
    ]


def test_keys_are_told_from_values() -> None:
    found = [(entry.path, entry.value, entry.is_key) for entry in entries('{"./a": {"b": "c"}}')]
    assert found == [(("./a",), "./a", True), (("./a", "b"), "b", True), (("./a", "b"), "c", False)]


def test_a_missing_comma_and_an_open_string_lose_nothing_else() -> None:
    assert values('{"a": ["x" "y"], "b": "z') == [("a.0", "x"), ("a.0", "y"), ("b", "z")]


def test_words_are_no_strings() -> None:
    assert values("[true, null, 12, x]") == []


def test_deep_nesting_and_broken_quotes_take_no_time() -> None:
    assert sum(1 for _ in strings('["a",' * 200_000)) == 200_000
    assert sum(1 for _ in strings('"' + '\\"' * 500_000)) == 1
    assert not list(strings("/*" * 500_000 + "{[" * 100_000))


@given(st.text(alphabet="{}[],:\"'\\/* \nau0d") | st.text())
def test_no_text_upsets_it(text: str) -> None:
    for _, offset, raw, _ in strings(text):
        assert text[offset : offset + len(raw)] == raw
