"""What is measured: requests as employees and programs make them, and how to tell that an answer is right."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from bench.base import bills_every
from bench.load import Request, Site
from bench.rows import customer_number, phone
from svyaz.lib.text import name_key

API = "/tmf-api"
KEYS = 20_000
PAGES_EACH = 10

# What people type into the box: beginnings and middles of names, one and two words, common and rare, and nothing there.
NAME_MIX = (
    "ковал", "анна пав", "маркин", "ООО сев", "иванов", "кузнецова мар", "смирнов алекс", "соловьёва ел", "ёлкин",
    "петров и", "севасто", "гончаренко", "ская ольга", "горизонт мед", "ива", "ов", "щербак нин", "яяя",
)  # fmt: skip
# These stand in every base, however small.
ALWAYS_FOUND = ("ковал", "анна пав", "маркин", "ООО сев", "иванов")


@dataclass(frozen=True)
class Operation:
    """One kind of request under measurement."""

    name: str
    title: str
    requests: Sequence[Request]
    # Says what is wrong with an answer, or nothing.
    fault: Callable[[Request, Any], str]
    # Keyed: any request stands for all, another key put in; else each of the first few is run as it is.
    is_keyed: bool = True


def operations(site: Site, customers: int) -> list[Operation]:
    """Return the operations over HTTP, in the order in which they are measured: reads first, then writes."""
    every = bills_every(customers)
    draw = Random(customers)
    keys = [draw.randint(1, customers // every) * every for _ in range(KEYS)]
    by_customer = f"{API}/customerManagement/v4/customer"
    phones = [Request(f"{by_customer}?{_phone(key)}", key=key) for key in keys]
    contacts = [
        Request(f"{API}/partyInteractionManagement/v4/partyInteraction", "POST", contact(key), key) for key in keys
    ]
    return [
        Operation("customer360", "360° view of a customer", view360(keys), fault360),
        Operation(
            "customer", "one customer", [Request(f"{by_customer}/{key}", key=key) for key in keys], fault_customer
        ),
        Operation("search_name", "search by part of a name", name_searches(), fault_search, is_keyed=False),
        Operation("search_phone", "customer by phone", phones, fault_phone),
        Operation("list", "list of 50 by name", pages(site), fault_list, is_keyed=False),
        Operation("create_interaction", "create a contact", contacts, fault_contact),
    ]


def view360(keys: Sequence[int]) -> list[Request]:
    """Return requests for the 360° view of customers."""
    return [Request(f"{API}/svyaz/v1/customer360/{key}", key=key) for key in keys]


def name_searches() -> list[Request]:
    """Return the mix of searches by part of a name."""
    return [Request(f"{API}/svyaz/v1/search?q={quote(text)}") for text in NAME_MIX]


def _phone(key: int) -> str:
    return urlencode({"contactMedium.characteristic.phoneNumber": phone(key)})


def contact(key: int) -> str:
    """Return the body of a contact with a customer, in TM Forum's shape."""
    body = {
        "description": "Абонент спрашивает о начислениях за месяц; разобрали счёт, ответили.",
        "reason": "Вопрос по счёту",
        "direction": "inbound",
        "channel": [{"id": "phone", "name": "phone"}],
        "relatedParty": [{"id": str(key), "role": "customer", "@referredType": "Customer"}],
    }
    return json.dumps(body, ensure_ascii=False)


def pages(site: Site) -> list[Request]:
    """Return pages of the customers' list from its beginning, its middle and its end; each page names the next."""
    whole = f"{API}/customerManagement/v4/customer?sort=name&limit=50"
    found = [Request(whole)]
    for letter in ("", "в", "к", "с"):
        page = Request(f"{whole}&name.gte={quote(letter)}") if letter else found[0]
        for _ in range(PAGES_EACH):
            following = site.next_page(page)
            if following is None:
                break
            # The place of the next page, in the list of all: what came before it was not filtered away.
            place = parse_qs(urlsplit(following.path).query)["after"][0]
            page = Request(f"{whole}&{urlencode({'after': place})}")
            found.append(page)
    return found


def fault360(request: Request, body: Any) -> str:
    """Say what is wrong with a 360° view."""
    text = json.dumps(body, ensure_ascii=False)
    number = customer_number(request.key)
    return "" if number in text and phone(request.key) in text else f"neither {number} nor its phone is in it"


def fault_customer(request: Request, body: Any) -> str:
    """Say what is wrong with a customer."""
    return "" if str(body.get("id")) == str(request.key) and body.get("name") else f"not customer {request.key}"


def fault_search(request: Request, body: Any) -> str:
    """Say what is wrong with what a search has found: every word must be in every name."""
    text = parse_qs(urlsplit(request.path).query)["q"][0]
    if not body and text in ALWAYS_FOUND:
        return "finds nothing"
    for found in body:
        if missing := [word for word in name_key(text).split() if word not in name_key(found["name"])]:
            return f"finds {found['name']} without {missing[0]}"
    return ""


def fault_phone(request: Request, body: Any) -> str:
    """Say what is wrong with the customers of a phone."""
    ids = [str(each.get("id")) for each in body]
    return "" if ids == [str(request.key)] else f"{ids} instead of {request.key}"


def fault_list(request: Request, body: Any) -> str:
    """Say what is wrong with a page of the list."""
    return "" if len(body) == 50 else f"{len(body)} instead of 50"


def fault_contact(request: Request, body: Any) -> str:
    """Say what is wrong with a created contact."""
    return "" if body.get("id") and body.get("href") else "has no id or href"
