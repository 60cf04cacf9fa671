"""What CMake's variables stand for, and where it looks for modules."""

import re
from collections.abc import Mapping
from typing import Final

from mothball.core.references.claims import ABOVE, HERE, ROOT
from mothball.core.references.cmake.commands import CMakeCommand, cmake_commands
from mothball.core.references.reader import takes
from mothball.core.references.shell.items import CLOSE, OPEN
from mothball.core.references.shell.places import Place, expand
from mothball.core.references.world import World

FILES: Final = ("CMakeLists.txt", "*.cmake")
VARIABLE: Final = re.compile(r"\$(?:ENV)?\{([^{}$]{1,200})\}|@([A-Z_]\w*)@")


def places_of(bases: tuple[str, ...]) -> dict[str, Place]:
    """Return what CMake's own variables stand for."""
    root = Place("", (ROOT, ABOVE))
    here = Place("", bases)
    return {
        "CMAKE_CURRENT_SOURCE_DIR": here,
        "CMAKE_CURRENT_LIST_DIR": Place("", (HERE,)),
        "COMPONENT_DIR": here,
        "CMAKE_CURRENT_FUNCTION_LIST_DIR": Place("", (HERE,)),
        "CMAKE_SOURCE_DIR": root,
        "PROJECT_SOURCE_DIR": root,
        "CMAKE_HOME_DIRECTORY": root,
        "PROJECT_DIR": root,
    }


def remember(command: CMakeCommand, variables: dict[str, Place]) -> None:
    """Note the value of a variable that is set to one place."""
    if (command.name == "get_filename_component" and len(command.arguments) >= 2) or (
        command.name == "set" and (len(command.arguments) == 2 or _is_cached(command))
    ):
        name, value = command.arguments[:2]
    else:
        return
    found = place_of(value.text, variables)
    if found is None:
        variables.pop(name.text, None)
    else:
        variables[name.text] = found


def _is_cached(command: CMakeCommand) -> bool:
    return len(command.arguments) > 2 and command.arguments[2].text in {"CACHE", "PARENT_SCOPE"}


def place_of(text: str, variables: Mapping[str, Place]) -> Place | None:
    """Return what an argument means, ``None`` where that is not known or not in the repository."""
    if len(text) > 1000 or "\n" in text:
        return None
    value = VARIABLE.sub(lambda found: f"{OPEN}{found[1] or found[2]}{CLOSE}", text)
    if value.startswith(OPEN):
        name = value[1 : value.find(CLOSE)]
        if name.endswith("_SOURCE_DIR") and name not in variables:
            return expand(value, {**variables, name: Place("", (ROOT, ABOVE))})
        if "BINARY" in name:
            return None
    return expand(value, variables)


def module_path(world: World) -> tuple[str, ...]:
    """Return the directories in which the files of a world tell CMake to look for modules."""
    found: dict[str, None] = {}
    for path, text in world.texts.items():
        if takes(FILES, path) and "MODULE_PATH" in text:
            variables = places_of((HERE,))
            for command in cmake_commands(text):
                remember(command, variables)
                names = [one.text for one in command.arguments[:2]]
                if command.name in {"set", "list"} and "CMAKE_MODULE_PATH" in names:
                    for argument in command.arguments[1:]:
                        place = place_of(argument.text, variables)
                        if place is not None and "MODULE_PATH" not in place.name:
                            found |= dict.fromkeys(
                                world.places(place.name or ".", place.bases or (HERE,), path)
                            )
    return tuple(found)
