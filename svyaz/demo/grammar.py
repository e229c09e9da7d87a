"""Texts from templates: [one|another] by chance, <masculine|feminine> by gender, {slot} from facts."""

import re
from collections.abc import Mapping
from functools import cache
from random import Random

_BAR = re.compile(r"\|(?![^<]*>)")
_PART = re.compile(r"\[([^\]]*)\]|<([^>]*)>|\{(\w+)\}")
MONTHS_GENITIVE = (
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
).split()  # fmt: skip
MONTHS = "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь".split()


@cache
def _parts(template: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the template cut into plain text, choices, genders and slots."""
    parts: list[tuple[str, tuple[str, ...]]] = []
    end = 0
    for match in _PART.finditer(template):
        parts.append(("text", (template[end : match.start()],)))
        choice, gender, slot = match.groups()
        if choice is not None:
            parts.append(("choice", tuple(_BAR.split(choice))))
        elif gender is not None:
            parts.append(("gender", tuple(gender.split("|"))))
        else:
            parts.append(("slot", (slot,)))
        end = match.end()
    return (*parts, ("text", (template[end:],)))


def render(rng: Random, template: str, facts: Mapping[str, str], *, is_female: bool) -> str:
    """Return the template's text for this chance, these facts and this gender."""
    out = []
    for sort, options in _parts(template):
        if sort == "text":
            out.append(options[0])
        elif sort == "choice":
            chosen = rng.choice(options)
            out.append(render(rng, chosen, facts, is_female=is_female) if "{" in chosen or "<" in chosen else chosen)
        elif sort == "gender":
            out.append(options[is_female])
        else:
            out.append(facts[options[0]])
    return "".join(out)


def plural(number: int, one: str, few: str, many: str) -> str:
    """Return a number with the form of its word: 1 день, 2 дня, 5 дней."""
    last, tens = number % 10, number % 100
    word = one if last == 1 and tens != 11 else few if 2 <= last <= 4 and not 12 <= tens <= 14 else many
    return f"{number} {word}"


def rubles(amount: int) -> str:
    """Return an amount as people write it: 1 930 ₽."""
    return f"{amount:,} ₽".replace(",", " ")


def quoted(name: str) -> str:
    """Return a name in quotes, unless it brings its own."""
    return name if "«" in name else f"«{name}»"
