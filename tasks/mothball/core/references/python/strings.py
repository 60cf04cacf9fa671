"""Which strings of a Python source name files, and who reads them."""

import ast
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from mothball.core.references.python.marks import listed

_KEPT: Final = 10_000
"""Names of variables are few, and asked about over and over."""
_FILE_CALLS: Final = listed(
    "open io_open FileInput run_path spec_from_file_location SourceFileLoader imread imread_collection",
    "memmap fromfile loadtxt genfromtxt CDLL LoadLibrary execfile safe_load_path fileConfig listdir",
    "scandir chdir copy copyfile copytree copy2 copymode stat lstat getsize getmtime Image FileResponse",
    "send_file send_from_directory StaticFiles mount render_template Jinja2Templates FileSystemLoader",
    "source SConscript include_router from_file from_path from_json_file from_yaml_file from_pretrained",
    "image video audio background_image set_icon load_dotenv rglob glob iglob exec_file add_data",
    "data_dir DirectoryIterator walk isfile isdir exists run_script add_static_path addDataFiles",
    "is_file is_dir File Directory validate run_line_magic",
)
_FILE_STARTS: Final = (
    "read",
    "load",
    "parse_file",
    "open_",
    "from_file",
    "import_file",
    "run_file",
    "exec_file",
    "include_file",
)
_LOCATES: Final = re.compile(
    r"(?:get_|find_|locate_)?(?:test_?)?(?:data|fixtures?|resources?|samples?|assets?)_?(?:path|file|filename|dir)"
    r"|d_?path|test_?(?:path|file)|path_to_\w+|_?(?:get|find|locate)_\w*(?:path|file|filename|fixture|data)"
)
"""Helpers of tests that tell where a file is, though nobody sees here how."""
_QUIET: Final = listed(
    "exists isfile isdir is_file is_dir glob iglob rglob walk",
)
_OUTPUT_STARTS: Final = (
    "to_",
    "save",
    "write",
    "dump",
    "export",
    "mkdir",
    "makedirs",
    "touch",
    "unlink",
    "rmtree",
    "remove",
)
_OUTPUTS: Final = listed(
    "imwrite tofile FileHandler RotatingFileHandler SummaryWriter ExcelWriter",
)
_SAYS: Final = listed(
    "print debug info warning warn error critical exception log echo secho getLogger startswith",
    "endswith replace split rsplit partition rpartition removeprefix removesuffix strip lstrip rstrip",
    "find index count compile match search sub subn fullmatch findall finditer fnmatch fnmatchcase",
    "filterfalse cprint colored style Exception ValueError TypeError RuntimeError KeyError",
    "AssertionError NotImplementedError SystemExit exit fail skip skipif xfail deprecated",
    "ArgumentParser add_parser help getattr hasattr setattr isinstance post put patch delete request",
    "head options route url re_path websocket urljoin urlopen urlretrieve Request TypeVar NewType",
    "namedtuple _ gettext ngettext ugettext dedent write writelines encode decode format join_url",
    "write_text write_bytes Model ForeignKey OneToOneField ManyToManyField reverse redirect assertEqual",
    "assertIn assertNotIn assertTrue assertFalse assertRaises assertRegex assertNotEqual assertEquals",
    "assertListEqual assertDictEqual emit",
)
_HINTS: Final = re.compile(
    r"(?i)(file|path|dir|src|source|config|cfg|template|script|input|data|root|fname|resource)"
)
_ADDRESSES: Final = re.compile(
    r"(?i)(^|_)(urls?|uris?|routes?|endpoints?|hrefs?|slugs?|topics?|mime_?\w*|urlpatterns)(_|$)"
)
# What the configuration of Sphinx names is beside it.
_SETTINGS: Final = listed(
    "html_static_path html_extra_path templates_path html_logo html_favicon latex_logo bibtex_bibfiles",
    "latex_additional_files epub_cover html_theme_path intersphinx_mapping",
)
_SERVED: Final = {
    "html_css_files": "_static",
    "html_js_files": "_static",
    "epub_css_files": "_static",
    "html_sidebars": "_templates",
    "html_additional_pages": "_templates",
}
_STARTED: Final = listed("man_pages latex_documents texinfo_documents")
_SAYING_KEYS: Final = listed(
    "help description epilog metavar usage doc msg message title label prog",
)
_MOVERS: Final = listed(
    "move rename renames git_mv mv replace_file",
)
_MOVED: Final = re.compile(
    r"(?i)(^|_)(moves?|moved|renam\w*|archiv\w*|legacy|deprecated|obsolete|removed|deleted|redirects?)(_|$)"
)
_ROOTS: Final = re.compile(
    r"(?i)^(.*_)?(root|repo|repo_?(root|dir|path)|top|top_?(dir|level)|base|base_?(dir|path)|here|this_?dir|project_?\w*|"
    r"script_?(dir|path)|cwd|cur_?dir|current_?dir(ectory)?|curr_?dir|root_?(dir|path)|proj_?\w*|src_?(dir|root)?|"
    r"source_?(dir|root)?|workspace|work_?dir|workdir|pwd|rootpath|rootdir|home_?dir|git_?root|parent_?dir|dir_?path|"
    r"file_?dir|path|folder|srctree|basedir|module_?(dir|path)|package_?(dir|path|root)|pkg_?(dir|root))$"
)
_TEMPORARY: Final = re.compile(
    r"(?i)(tmp|temp|out|output|build|dest|dst|cache|target|prefix|install|home|log|url|uri|host|api|site|store|bucket|remote|sandbox|s3)"
)


def reads_files(call: str) -> bool:
    """Say whether a call of this name reads the file that its first argument names."""
    return call in _FILE_CALLS or call.startswith(_FILE_STARTS)


@lru_cache(_KEPT)
def locates_files(call: str) -> bool:
    """Say whether a call of this name tells where the file is that its first argument names."""
    return _LOCATES.fullmatch(call) is not None


def writes_files(call: str) -> bool:
    """Say whether a call of this name makes the file that it is given."""
    return call in _OUTPUTS or call.startswith(_OUTPUT_STARTS)


def is_quiet(call: str) -> bool:
    """Say whether a call of this name does not fail over what is missing."""
    return call in _QUIET


def only_says(call: str) -> bool:
    """Say whether a call of this name shows, compares or takes apart its arguments."""
    return call in _SAYS


def only_tells(keyword: str) -> bool:
    """Say whether a keyword argument is text for people."""
    return keyword in _SAYING_KEYS


@lru_cache(_KEPT)
def hints_at_file(keyword: str) -> bool:
    """Say whether a keyword argument sounds as if it named a file."""
    return _HINTS.search(keyword) is not None


@lru_cache(_KEPT)
def hints_at_address(variable: str) -> bool:
    """Say whether a variable sounds as if it held addresses of a server."""
    return _ADDRESSES.search(variable) is not None


def is_relative_setting(variable: str) -> bool:
    """Say whether a variable is a setting that names files by convention."""
    return variable in _SETTINGS


def served_from(variables: Iterable[str]) -> str:
    """Return the directory, beside the configuration, below which a setting of one of these names is."""
    return next((_SERVED[one] for one in variables if one in _SERVED), "")


def starts_with_pages(variables: Iterable[str]) -> bool:
    """Say whether one of the names is that of a setting whose entries begin with a page of Sphinx."""
    return not _STARTED.isdisjoint(variables)


def moves_files(call: str) -> bool:
    """Say whether a call of this name moves files: what it names is a plan, not a reference."""
    return call in _MOVERS


@lru_cache(_KEPT)
def lists_moves(variable: str) -> bool:
    """Say whether a variable sounds as if it recorded what was moved."""
    return _MOVED.search(variable) is not None


def is_root(variable: str) -> bool:
    """Say whether a variable sounds like the top of a repository or a script's own directory."""
    return _ROOTS.match(variable) is not None and not is_temporary(variable)


def is_temporary(variable: str) -> bool:
    """Say whether a variable sounds like a place outside the repository."""
    return _TEMPORARY.search(variable) is not None


def opens_for_writing(node: ast.Call, mode_at: int = 1) -> bool:
    """Say whether ``open`` is asked to make the file."""
    modes = [*node.args[mode_at : mode_at + 1], *(one.value for one in node.keywords if one.arg == "mode")]
    return any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value[:1] in {"w", "a", "x"}
        for one in modes
    )
