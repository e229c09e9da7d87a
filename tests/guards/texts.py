"""Every text that the product says, read out of its sources, without gettext's programs, which a machine may lack."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

from svyaz.cli.state import PROJECT_DIR

SOURCES = PROJECT_DIR / "svyaz"
# How many arguments are texts, and whether the first of them is a context.
FUNCTIONS = {"gettext": (1, False), "ngettext": (2, False), "pgettext": (2, True), "npgettext": (3, True)}
_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*((?:{_STRING}\s*,?\s*)+)")


class Text(NamedTuple):
    """One text: what stands before it in the catalogue, itself, and its plural."""

    context: str
    text: str
    plural: str


def texts() -> dict[Text, str]:
    """Return every text with the first place where it stands."""
    found: dict[Text, str] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            for text in texts_of_module(path.read_text(encoding="utf-8")):
                found.setdefault(text, str(path.relative_to(PROJECT_DIR)))
    for path in sorted(SOURCES.rglob("templates/**/*.html")):
        for text in texts_of_template(path.read_text(encoding="utf-8")):
            found.setdefault(text, str(path.relative_to(PROJECT_DIR)))
    return found


def texts_of_module(source: str) -> Iterator[Text]:
    """Yield the texts that a Python module hands to gettext, by whatever name it imported it."""
    tree = ast.parse(source)
    names = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            function = names[node.func.id]
            count, _has_context = FUNCTIONS[function]
            arguments = [argument.value for argument in node.args[:count] if isinstance(argument, ast.Constant)]
            if len(arguments) == count:
                yield _text(function, [str(argument) for argument in arguments])


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for name in node.names:
                function = name.name.removesuffix("_lazy")
                if function in FUNCTIONS:
                    yield name.asname or name.name, function


def texts_of_template(source: str) -> Iterator[Text]:
    """Yield the texts of a template: what its translate and blocktranslate tags say."""
    for match in _CALL.finditer(templatize(source)):
        function = "gettext" if match[1] == "_" else match[1]
        arguments = ast.literal_eval(f"[{match[2]}]")
        count, _has_context = FUNCTIONS[function]
        if len(arguments) >= count:
            yield _text(function, arguments[:count])


def _text(function: str, arguments: list[str]) -> Text:
    _count, has_context = FUNCTIONS[function]
    context = arguments.pop(0) if has_context else ""
    return Text(context, arguments[0], arguments[1] if len(arguments) > 1 else "")


def catalogues(language: str) -> list[Path]:
    """Return the files in which the texts of a language stand: the product's, and those of packages with their own."""
    return sorted(SOURCES.glob(f"**/locale/{language}/LC_MESSAGES/django.po"))
