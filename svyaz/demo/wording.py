"""The words of one contact: an employee's note, a customer's letter, our answer."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from svyaz.demo.grammar import MONTHS, MONTHS_GENITIVE, plural, quoted, render, rubles
from svyaz.demo.talks import Talk
from svyaz.demo.world import Client, Held, Late, Rival

LETTERS = {"email", "web", "post", "fax"}
LEGAL_DAYS = 30
_GREETINGS = ("Здравствуйте!", "Добрый день!", "Доброго дня.", "Уважаемые коллеги!", "Здравствуйте.")
_ANSWERS = (
    "Мы получили ваше обращение и [разобрались|проверили линию|проверили начисления]. [Ответственный — {worker}|Работы "
    "завершим до {until}|Решение сообщим до {until}].",
    "Спасибо, что написали. [Заявка принята|Передали техникам|Передали в бухгалтерию], ответим до {until}.",
    "Вопрос решён, [проверьте, пожалуйста|если что-то останется, просто ответьте на это письмо].",
)  # fmt: skip
_CLOSINGS = ("С уважением,", "Заранее благодарю.", "Жду ответа.", "С надеждой на понимание,")


def day_words(day: date) -> str:
    """Return a day in words: 12 мая."""
    return f"{day.day} {MONTHS_GENITIVE[day.month - 1]}"


def facts_of(
    client: Client, day: date, until: date, held: Held | None, late: Late | None, rival: Rival | None, price: int
) -> dict[str, str]:
    """Return what the templates of a contact may say."""
    rng = client.rng
    return {
        "days": plural(rng.randint(2, 9), "день", "дня", "дней"),
        "years": plural(max((day - client.since).days // 365, 1), "год", "года", "лет"),
        "hour": str(rng.randint(8, 20)),
        "until": day_words(until),
        "legal": day_words(day + timedelta(days=LEGAL_DAYS)),
        "month": MONTHS[(day.month - 2) % 12],
        "sum": rubles(rng.choice((90, 120, 199, 240, 350, 480, 650, 900, 1200)) * (1 if client.person else 10)),
        "tariff": quoted(held.tariff.name) if held else "текущий тариф",
        "number": (held.number if held else "") or client.mobile,
        "street": rng.choice(client.place.streets) + f", {rng.randint(2, 120)}",
        "town": client.place.locality,
        "rival": rival.name if rival else "другой оператор",
        "price": rubles(price),
        "late": rubles(int(late.amount)) if late else "",
        "bill": late.number if late else "",
        "register": str(rng.randint(100, 2400)),
    }


def words_of(rng: Random, talk: Talk, channel: str, facts: Mapping[str, str], client: Client, *, inbound: bool) -> str:
    """Return the text of a contact: a letter where the customer wrote, a note where an employee did."""
    if channel in LETTERS and inbound:
        return _letter(rng, talk, channel, facts, client)
    parts = [rng.choice(talk.notes)]
    if rng.random() < 0.6:
        parts.append(rng.choice(talk.details))
    if rng.random() < 0.75:
        parts.append(rng.choice(talk.endings))
    return render(rng, " ".join(parts), facts, is_female=client.is_female)


def _letter(rng: Random, talk: Talk, channel: str, facts: Mapping[str, str], client: Client) -> str:
    parts = [] if channel == "web" and rng.random() < 0.5 else [rng.choice(_GREETINGS)]
    parts.append(rng.choice(talk.letters))
    if rng.random() < 0.45:
        parts.append(rng.choice(talk.letters))
    body = " ".join(dict.fromkeys(parts))
    if rng.random() < 0.85:
        body += ("\n\n" if channel != "web" else " ") + rng.choice(talk.asks)
    if channel != "web":
        signature = client.person.initials if client.person else client.name
        body += f"\n\n{rng.choice(_CLOSINGS)}\n{signature}"
    return render(rng, body, facts, is_female=client.is_female)


def answer_of(rng: Random, client: Client, worker: str, until: date) -> str:
    """Return our answer to a letter."""
    name = f"{client.person.given} {client.person.middle}".strip() if client.person else "коллеги"
    facts = {"worker": worker, "until": day_words(until)}
    body = render(rng, rng.choice(_ANSWERS), facts, is_female=client.is_female)
    return f"{'Здравствуйте' if client.person else 'Уважаемые'}, {name}!\n\n{body}\n\n{worker}"
