"""Writing drafts of customers by COPY: every noun with its indexes, its history and the row that it came from."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from svyaz.exchange.actions.drafts import Draft
from svyaz.exchange.actions.matching import documents_of
from svyaz.exchange.actions.targets import OWN
from svyaz.history.actions import PastEvent, record_many
from svyaz.lib.crypto import encrypt, fingerprint
from svyaz.lib.text import code_key, name_key
from svyaz.parties.actions.documents import number_tail
from svyaz.parties.events import PartyEvent

# In this order: what others refer to stands before them; the row's identity first, so that a clash shows early.
TABLES = {
    "exchange_importedrow": "source, external_id, digest, party_id, taken_in_id, line",
    "parties_party": (
        "id, kind, name, name_key, family_name, given_name, middle_name, birth_date, gender, legal_form,"
        " inn, kpp, ogrn, language, characteristics, own, home_area_id, created_at"
    ),
    "parties_partyrole": "party_id, kind, number, status, tier, valid_from, valid_to, end_reason",
    "parties_contactmedium": "party_id, kind, value, is_preferred, valid_from",
    "parties_identification": ("party_id, kind, number_encrypted, number_fingerprint, number_tail, issued_by"),
    "places_address": "id, area_id, postal_code, locality, street, house, flat, text",
    "parties_addressuse": "party_id, address_id, role, valid_from",
    "parties_agreement": "id, party_id, number, kind, term, signed_by, valid_from, valid_to",
    "billing_billingaccount": (
        "id, party_id, agreement_id, number, kind, status, currency, characteristics, valid_from, valid_to"
    ),
    "services_product": "id, party_id, offering_id, agreement_id, status, currency, characteristics, valid_to",
    "billing_accountproduct": "account_id, product_id, valid_to",
}


@dataclass(frozen=True)
class Destination:
    """Whose import this is, and what its rows refer to."""

    source: str
    import_id: int
    by_id: int
    as_of: date
    offerings: dict[str, int]


def write(drafts: Sequence[Draft], destination: Destination, *, at: datetime) -> None:
    """Write the drafts in the current transaction; an IntegrityError leaves it to the caller."""
    Batch(drafts, destination, at).copy()


def next_ids(table: str, count: int) -> Iterator[int]:
    """Take ids from a table's sequence, so that rows that refer to each other go in without asking back."""
    if not count:
        return iter(())
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return iter([row[0] for row in cursor.fetchall()])


FREE_NUMBERS = """
    WITH new AS MATERIALIZED (SELECT nextval('customer_number')::text AS number FROM generate_series(1, %s))
    SELECT number FROM new
    WHERE NOT EXISTS (
        SELECT FROM parties_partyrole role
        WHERE role.kind = 'customer' AND role.number = new.number AND role.number <> ''
    )
    ORDER BY number::bigint"""


def free_numbers(count: int) -> Iterator[str]:
    """Take customer numbers from their sequence for rows that have none; those that somebody has are passed over."""
    free: list[str] = []
    while len(free) < count:
        with connection.cursor() as cursor:
            cursor.execute(FREE_NUMBERS, [count - len(free)])
            free += [row[0] for row in cursor.fetchall()]
    return iter(free)


class Batch:
    """The rows of one chunk, table by table."""

    def __init__(self, drafts: Sequence[Draft], destination: Destination, at: datetime) -> None:
        self.destination, self.at = destination, at
        self.written_at = at.isoformat()
        self.rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.events: list[PastEvent] = []
        wanted = {
            "parties_party": len(drafts),
            "places_address": sum("address" in draft.values for draft in drafts),
            "parties_agreement": sum(has_agreement(draft) for draft in drafts),
            "billing_billingaccount": sum("account" in draft.values for draft in drafts),
            "services_product": sum(len(draft.products) for draft in drafts),
        }
        self.numbers = free_numbers(sum("number" not in draft.values for draft in drafts))
        self.ids = {table: next_ids(table, count) for table, count in wanted.items()}
        for draft in drafts:
            self._add(draft)

    def copy(self) -> None:
        """Write everything by COPY, each table at once."""
        with connection.cursor() as cursor:
            for table, columns in TABLES.items():
                if rows := self.rows.get(table):
                    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
        record_many(self.events)

    def _add(self, draft: Draft) -> None:
        party_id = next(self.ids["parties_party"])
        self._party(draft, party_id)
        self._role(draft, party_id)
        self._media(draft, party_id)
        if "address" in draft.values:
            self._address(draft, party_id)
        for kind, number in documents_of(draft):
            self._document(kind, number, party_id)
        agreement_id = self._agreement(draft, party_id) if has_agreement(draft) else None
        account_id = self._account(draft, party_id, agreement_id) if "account" in draft.values else None
        if draft.products:
            self._products(draft, party_id, agreement_id, account_id)

    def _party(self, draft: Draft, party_id: int) -> None:
        destination, get = self.destination, draft.values.get
        self.rows["exchange_importedrow"].append(
            (destination.source, draft.key, draft.digest, party_id, destination.import_id, draft.line)
        )
        name = get("name", "")
        self.rows["parties_party"].append(
            (
                party_id, get("kind"), name, name_key(name) if name else "", get("family_name", ""),
                get("given_name", ""), get("middle_name", ""), _day(get("birth_date")), get("gender", ""),
                get("legal_form", ""), get("inn", ""), get("kpp", ""), get("ogrn", ""), get("language", ""),
                _json(draft.party), _json({code.removeprefix(OWN): value for code, value in draft.own.items()}),
                get("area"), self.written_at,
            )
        )  # fmt: skip
        self.events.append(
            PastEvent(
                PartyEvent.IMPORTED, "parties.party", party_id, party_id, destination.by_id, self.at,
                {"import": destination.import_id, "line": draft.line},
            )
        )  # fmt: skip

    def _role(self, draft: Draft, party_id: int) -> None:
        get = draft.values.get
        ended: date | None = get("ended")
        reason = f"by as-of {ended.isoformat()}" if ended and ended == self.destination.as_of else ""
        self.rows["parties_partyrole"].append(
            (
                party_id, "customer", get("number") or next(self.numbers), "closed" if ended else "active",
                get("tier", ""), _day(get("since")), _day(ended), reason,
            )
        )  # fmt: skip

    def _media(self, draft: Draft, party_id: int) -> None:
        get = draft.values.get
        since = self.destination.as_of.isoformat()
        # One row may name a number twice; the first of each kind is the preferred one.
        seen: set[tuple[str, str]] = set()
        for media in (get("phone"), get("fax"), get("email")):
            for place, medium in enumerate(media or ()):
                if medium not in seen:
                    seen.add(medium)
                    self.rows["parties_contactmedium"].append((party_id, *medium, place == 0, since))

    def _address(self, draft: Draft, party_id: int) -> None:
        address_id = next(self.ids["places_address"])
        get = draft.values.get
        self.rows["places_address"].append((address_id, get("area"), "", "", "", "", "", get("address")))
        self.rows["parties_addressuse"].append((party_id, address_id, "registered", self.destination.as_of.isoformat()))

    def _document(self, kind: str, number: str, party_id: int) -> None:
        key = code_key(number)
        row = (party_id, kind, encrypt(number), fingerprint(key), number_tail(key), "")
        self.rows["parties_identification"].append(row)

    def _agreement(self, draft: Draft, party_id: int) -> int:
        get = draft.values.get
        agreement_id = next(self.ids["parties_agreement"])
        signed = get("agreement_date") or get("since")
        ended = get("ended")
        self.rows["parties_agreement"].append(
            (
                agreement_id, party_id, get("agreement", ""), "service", get("agreement_term", ""), "",
                _day(signed if ended is None else min(signed, ended)), _day(ended),
            )
        )  # fmt: skip
        return agreement_id

    def _account(self, draft: Draft, party_id: int, agreement_id: int | None) -> int:
        get = draft.values.get
        account_id = next(self.ids["billing_billingaccount"])
        self.rows["billing_billingaccount"].append(
            (
                account_id, party_id, agreement_id, get("account"), get("account_kind", "postpaid"),
                "closed" if get("ended") else "active", get("currency", "RUB"), _json(draft.account),
                None, _day(get("ended")),
            )
        )  # fmt: skip
        return account_id

    def _products(self, draft: Draft, party_id: int, agreement_id: int | None, account_id: int | None) -> None:
        get = draft.values.get
        ended = _day(get("ended"))
        for code in draft.products:
            product_id = next(self.ids["services_product"])
            self.rows["services_product"].append(
                (
                    product_id, party_id, self.destination.offerings[code], agreement_id,
                    "terminated" if ended else "active", get("currency", "RUB"), "{}", ended,
                )
            )  # fmt: skip
            if account_id is not None:
                self.rows["billing_accountproduct"].append((account_id, product_id, ended))


def has_agreement(draft: Draft) -> bool:
    """Tell whether the row speaks of a contract, be it without a number."""
    return not draft.values.keys().isdisjoint(("agreement", "agreement_term", "agreement_date"))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) if value else "{}"
