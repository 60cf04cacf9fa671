"""Hostile file names, each with what is expected of it: it moves as it is, or it is refused."""

import string
from typing import Final

CONTROL: Final = tuple(f"control{chr(number)}byte" for number in (*range(1, 32), 127))
PUNCTUATION: Final = tuple(f"{sign}" for sign in string.punctuation if sign not in "./[")
SPACES: Final = (
    " leading", "trailing ", "two  spaces", "new\nline", "\nfirst", "last\n", "carriage\rreturn", "tab\tbed",
    "no\u00a0break", "\u2003em", "ideographic\u3000", "line\u2028separator", "paragraph\u2029separator",
    "next\x85line", "vertical\x0btab", "form\x0cfeed", "narrow\u202fspace", "ogham\u1680space",
)  # fmt: skip
UNICODE: Final = (
    "\u202egnp.exe", "\u202dforced", "\u2066isolate\u2069", "\u200emark", "\u061cletter", "\u200b", "\u200cz",
    "\u200dj", "\u2060word", "\ufeffbom", "soft\u00adhyphen", "\ufe0fselector", "\U000e0041tag",
    "\ue000private",
    "\ufffe", "\U0010ffff", "\u0301alone", "e\u0301", "\ud55c", "\u1112\u1161\u11ab2", "dotless\u0131",
    "dotted\u0130", "stra\u00dfe", "\ufb01ligature", "\u212aelvin", "full\uff0fslash", "fraction\u2044slash",
    "one\u2024dot", "\u05d0\u05d1", "\u0627\u0644", "\U0001f600", "\U0001f468\u200d\U0001f469", "\u0430dmin",
    "z\u0351\u0352\u0353\u0354\u0355\u0356\u0357", "\u3164filler", "\u2800braille", "\x9b31mcsi", "\x90dcs",
)  # fmt: skip
BYTES: Final = (
    "\udcff\udcfe", "\udc80", "caf\udce9", "overlong\udcc0\udcaf", "surrogate\udced\udca0\udc80",
    "beyond\udcf4\udc90\udc80\udc80", "cut\udce2\udc82", "\udcef\udcbb", "sjis\udc83\\", "gbk\udc81@",
    "alone\udcfe", "twice\udce9\udce9",
)  # fmt: skip
GIT: Final = (
    "HEAD", "@{u}", "HEAD~1", "HEAD^", "main", "main.lock", "index.lock", "refs", "0" * 40, "a..b", "a...b",
    ":!x", ":^x", ":(top)", ":(glob)*", ":(exclude)a", ":(literal)a", ":(attr:x)", ":0:a", ":1", "-rf", "--",
    "--help", "--all", "-z", "--pathspec-from-file=x", ".mailmap", ".gitkeep", ".gitx", "git", "!negated",
    "#comment", "100644 blob x", "1 .M N... x", "? x", "R100", "old => new", "{old => new}", '"quoted"',
    "\\303\\251", "commit", "tree\nparent", "author x <y> 0 +0000", "H 100644", "*.py", "[a-z]", "**",
    "a[!b]",
    "\\*", "?.py", "back\\slash", "a\\", ".git-", "dot.git",
)  # fmt: skip
SHELL: Final = (
    "$IFS", "${HOME}", "$(touch pwned)", "`touch pwned`", "a;b&c|d", "; rm -rf ~", "| cat", "> out", "< in",
    "&& true", "!!", "'; echo '", '" && "', "quo'te", 'dou"ble', "~root", "{a,b}", "%PATH%", "$((1+1))",
    "\\\n", "a\\\nb", "$'\\x41'", "-e", "-c.py", "@file", "%s%n", "%(refname)", "{{ plan }}", "{0}", "\\x00",
)  # fmt: skip
MARKUP: Final = (
    "<!-- mothball:end -->", "<!-- mothball:begin -->", "<script>alert(1)<", "<b>", "&lt;", "--><!--", "]]>",
    "<img src=x onerror=alert(1)>", "javascript:alert(1)", "data:text,html", "[red]", "[[", "[link=x]y",
    "# head", "> quote", "```", "~~~", "|cell|", "a|b|c", "***", "*bold*", "__init",
    "[link](javascript:alert(1))",
    "![image](x)", "1. item", "- item", "+ item", "\\u003c", "{}", '"}', "null", "[[archive]]", "title = 1",
    "%00", "%2e%2e%2f", "%0a", "+ADw-", "&#60;", "<td>", "\x01", "\x7f",
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b[2J", "\x1b]8;;x\x07", "\x1bPq", "\x08\x08\x08", "::error::x",
    "##[group]", "::set-output",
)  # fmt: skip
DOTS: Final = ("...", "..a", "a..", " .", ".a", "-.", "a" * 200, "a" * 255, "\u00e9" * 127, "\n" * 255)
OURS: Final = (
    "ledger.json",
    "README.md",
    "mothball.toml",
    "journal",
    "archive",
    "old",
    "pending",
    "tasks.py",
)

MOVES: Final = tuple(
    dict.fromkeys((*CONTROL, *PUNCTUATION, *SPACES, *UNICODE, *BYTES, *GIT, *SHELL, *MARKUP, *DOTS, *OURS))
)
"""Names that move as they are, byte for byte, and come back."""

REFUSED: Final = (
    "git~1", "GIT~1", ".git ", ".git.", ".git...", ".git. .", ".git::$INDEX_ALLOCATION", ".git:x", "git~1:x",
    ".g\u200cit", ".git\u200d", ".\u202egit", "\ufeff.git", ".gi\u206at", ".GI\u200fT", "g\u200cit~1",
)  # fmt: skip
"""Names that some file system takes for ``.git``, of files that are tracked all the same."""
