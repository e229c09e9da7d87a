"""Changing customers that are there already by what a file says of them: through the same actions as typed data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from svyaz.billing.actions.accounts import open_account, pay_for_product
from svyaz.billing.models import BillingAccount
from svyaz.exchange.actions.drafts import Draft
from svyaz.exchange.actions.journal import Row, Snapshot
from svyaz.exchange.actions.matching import documents_of
from svyaz.exchange.actions.targets import OWN
from svyaz.exchange.models import Import
from svyaz.lib.crypto import fingerprint
from svyaz.lib.text import code_key, name_key
from svyaz.parties.actions.addresses import add_address
from svyaz.parties.actions.agreements import sign_agreement
from svyaz.parties.actions.create import change_party
from svyaz.parties.actions.documents import add_identification
from svyaz.parties.actions.media import add_medium
from svyaz.parties.actions.own import set_own_values
from svyaz.parties.actions.roles import end_role, give_role, set_tier
from svyaz.parties.models import Agreement, Party, PartyRole
from svyaz.places.actions import create_address
from svyaz.places.models import Area
from svyaz.services.actions.products import connect_product
from svyaz.services.models import ProductOffering
from svyaz.users.models import User

NAME_PARTS = ("family_name", "given_name", "middle_name")
PERSON = ("birth_date", "gender", "inn", "ogrn", "language")
COMPANY = ("name", "legal_form", "inn", "kpp", "ogrn", "language")


@dataclass(frozen=True)
class Update:
    """One matched row and what the base has of its party now; applies what the policy lets it."""

    party: Party
    draft: Draft
    has: Snapshot
    policy: str
    as_of: date
    offerings: Mapping[str, int]
    by: User
    at: datetime

    @property
    def overwrites(self) -> bool:
        """Tell whether what the file says wins over what is there."""
        return self.policy == Import.Matched.OVERWRITE

    def apply(self) -> None:
        """Change the party and what belongs to it; each change records its own event, nothing new records none."""
        if changes := self._party_changes():
            change_party(party=self.party, changes=changes, by=self.by, at=self.at)
        self._role()
        self._media()
        self._address()
        self._documents()
        agreement = self._agreement()
        account = self._account(agreement)
        self._products(agreement, account)
        self._own_fields()

    def _wins(self, present: Any, said: Any) -> bool:
        """Tell whether a value of the file takes the place of the present one."""
        return said not in (None, "") and said != present and (self.overwrites or present in (None, ""))

    def _party_changes(self) -> dict[str, Any]:
        row, values = self.has["parties_party"][self.party.pk], self.draft.values
        names = (*PERSON, *(NAME_PARTS if self._names_agree(row) else ())) if self.party.is_person else COMPANY
        changes = {
            name: values[name] for name in names if name in values and self._wins(row[name], _plain(values[name]))
        }
        if "area" in values and self._wins(row["home_area_id"], values["area"]):
            changes["home_area"] = Area.objects.get(pk=values["area"])
        said = {
            name: value
            for name, value in self.draft.party.items()
            if self._wins(row["characteristics"].get(name), value)
        }
        if said:
            changes["characteristics"] = row["characteristics"] | said
        return changes

    def _names_agree(self, row: Row) -> bool:
        """Tell whether a missing part of a name may be filled: the parts that both have must be the same ones."""
        values = self.draft.values
        return self.overwrites or all(
            name_key(row[part]) == name_key(values[part]) for part in NAME_PARTS if row[part] and values.get(part)
        )

    def _role(self) -> None:
        values = self.draft.values
        roles = [row for row in self.has["parties_partyrole"].values() if row["kind"] == PartyRole.Kind.CUSTOMER]
        current = next((row for row in roles if row["valid_to"] is None), None)
        if current is None:
            if not roles and "ended" not in values:
                give_role(
                    party=self.party, kind=PartyRole.Kind.CUSTOMER, number=values.get("number", ""),
                    tier=values.get("tier", ""), valid_from=values["since"], by=self.by, at=self.at,
                )  # fmt: skip
            return
        role = PartyRole.objects.get(pk=current["id"])
        if "tier" in values and self._wins(current["tier"], values["tier"]):
            set_tier(role=role, tier=values["tier"], by=self.by, at=self.at)
        ended = values.get("ended")
        if ended is not None and ended >= role.valid_from:
            end_role(role=role, valid_to=ended, by=self.by, at=self.at)

    def _media(self) -> None:
        """Add phones and addresses that are not there; none that is there is ever ended by a file."""
        current = [row for row in self.has["parties_contactmedium"].values() if row["valid_to"] is None]
        known = {(row["kind"], row["value"]) for row in current}
        for name in ("phone", "fax", "email"):
            kinds = {"mobile", "phone"} if name == "phone" else {name}
            if not self.overwrites and any(row["kind"] in kinds for row in current):
                continue
            for kind, value in self.draft.values.get(name, ()):
                if (kind, value) not in known:
                    known.add((kind, value))
                    add_medium(party=self.party, kind=kind, value=value, valid_from=self.as_of, by=self.by, at=self.at)

    def _address(self) -> None:
        text = self.draft.values.get("address")
        uses = [
            row for row in self.has["parties_addressuse"].values()
            if row["role"] == "registered" and row["valid_to"] is None
        ]  # fmt: skip
        present = [self.has["places_address"][row["address_id"]]["text"] for row in uses]
        if text and text not in present and (self.overwrites or not uses):
            area = Area.objects.filter(pk=self.draft.values.get("area") or 0).first()
            address = create_address(text=text, area=area, by=self.by, at=self.at)
            since = max([self.as_of, *(date.fromisoformat(row["valid_from"]) for row in uses)])
            add_address(party=self.party, address=address, role="registered", valid_from=since, by=self.by, at=self.at)

    def _documents(self) -> None:
        known = {(row["kind"], row["number_fingerprint"]) for row in self.has["parties_identification"].values()}
        kinds = {kind for kind, _print in known}
        for kind, number in documents_of(self.draft):
            is_new = (kind, fingerprint(code_key(number))) not in known
            if is_new and (self.overwrites or kind not in kinds):
                add_identification(party=self.party, kind=kind, number=number, by=self.by, at=self.at)

    def _agreement(self) -> Agreement | None:
        values = self.draft.values
        number = values.get("agreement")
        if not number:
            return None
        for row in self.has["parties_agreement"].values():
            if row["number"] == number:
                return Agreement.objects.get(pk=row["id"])
        signed = values.get("agreement_date") or values["since"]
        return sign_agreement(
            party=self.party, number=number, term=values.get("agreement_term", ""), valid_from=signed, by=self.by,
            at=self.at,
        )  # fmt: skip

    def _account(self, agreement: Agreement | None) -> BillingAccount | None:
        values = self.draft.values
        number = values.get("account")
        if not number:
            return None
        for row in self.has["billing_billingaccount"].values():
            if row["number"] == number:
                return BillingAccount.objects.get(pk=row["id"])
        return open_account(
            party=self.party, number=number, kind=values.get("account_kind", "postpaid"), agreement=agreement,
            currency=values.get("currency", "RUB"), valid_from=values["since"], by=self.by, at=self.at,
        )  # fmt: skip

    def _products(self, agreement: Agreement | None, account: BillingAccount | None) -> None:
        present = {row["offering_id"] for row in self.has["services_product"].values() if row["valid_to"] is None}
        for code in self.draft.products:
            if self.offerings[code] not in present:
                offering = ProductOffering.objects.get(pk=self.offerings[code])
                product = connect_product(
                    party=self.party, offering=offering, agreement=agreement, valid_from=self.draft.values["since"],
                    by=self.by, at=self.at,
                )  # fmt: skip
                if account is not None:
                    pay_for_product(account=account, product=product, by=self.by, at=self.at)

    def _own_fields(self) -> None:
        present = self.has["parties_party"][self.party.pk]["own"]
        said = {code.removeprefix(OWN): value for code, value in self.draft.own.items()}
        values = {code: value for code, value in said.items() if self._wins(present.get(code), value)}
        if values:
            set_own_values(party=self.party, values=values, by=self.by, at=self.at)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
