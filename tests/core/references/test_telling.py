"""The lines of a C source that tell something: no claim is made in any other."""

from hypothesis import given
from hypothesis import strategies as st

from mothball.core.references.c.telling import telling_lines
from mothball.core.references.readers.c import Includes
from mothball.core.references.sought import Sought
from tests.accuracy.pictures import pictures

PIECES = st.sampled_from(
    [
        '#include "a.h"',
        "#include <b/a.h>",
        '%:include "a.h"',
        "/* #include <a.h>",
        "*/",
        "// a.h",
        '#define A "a.h"',
        "#if __has_include(<a.h>)",
        "#if A && \\",
        '  .IncBin "a.h"',
        '%INCLUDE "a.h"',
        'Include ("a.h")',
        "/include/ a.h;",
        '#embed "a.h"',
        '"İ" a.h',
        "x = a.h;",
        'R"x(a.h)x"',
    ]
)


@given(st.lists(PIECES, max_size=8).map("\n".join))
def test_a_source_is_read_where_a_telling_line_has_the_name(text: str) -> None:
    reader = Includes()
    sifted = [*reader.sift(text, "x.c", Sought(["lab/a.h"]))]
    assert sifted == [*reader.read(text, "x.c")] or not any(
        claim.wanted.endswith("a.h") for claim in reader.read(text, "x.c")
    )


def test_every_claim_of_the_labelled_sources_stands_in_a_telling_line() -> None:
    reader = Includes()
    texts = [
        text for picture in pictures() for path, text in picture.before.items() if path.endswith((".c", ".h"))
    ]
    assert texts
    for text in texts:
        lines = "\n".join(telling_lines(str(text)))
        assert all(claim.text in lines for claim in reader.read(str(text), "x.c"))
