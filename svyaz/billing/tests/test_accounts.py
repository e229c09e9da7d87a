"""Accounts: opened, blocked, closed, paying for products."""

from datetime import timedelta
from decimal import Decimal

import pytest

from svyaz.billing.actions import (
    AccountAlreadyBlocked,
    AccountIsClosed,
    AccountNotBlocked,
    AccountNumberTaken,
    block_account,
    close_account,
    open_account,
    pay_for_product,
    unblock_account,
)
from svyaz.billing.models import AccountBlock, AccountProduct, BillingAccount
from svyaz.parties.actions import InvalidField
from tests.cast import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=10)


def test_a_prepaid_account_starts_with_nothing_on_it(olga, anna):
    account = open_account(party=olga, number="ЛС-2", kind="prepaid", by=anna, at=NOON)

    assert (account.balance, account.balance_at, account.status) == (0, NOON, "active")


def test_an_account_number_is_given_once(olga, sever, anna):
    open_account(party=olga, number="ЛС-2", kind="prepaid", by=anna, at=NOON)

    with pytest.raises(AccountNumberTaken):
        open_account(party=sever, number="ЛС-2", kind="postpaid", by=anna, at=NOON)


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "barter"), ("number", ""), ("credit_limit", Decimal(-1)), ("number", "9" * 41)]
)
def test_what_cannot_be_is_refused(olga, anna, field, value):
    with pytest.raises(InvalidField) as refusal:
        open_account(**{"party": olga, "number": "ЛС-2", "kind": "prepaid", field: value}, by=anna, at=NOON)
    assert refusal.value.field == field


def test_a_block_lasts_from_day_to_day(olgas_account, anna):
    block_account(account=olgas_account, reason="debt", by=anna, at=NOON)
    with pytest.raises(AccountAlreadyBlocked):
        block_account(account=olgas_account, reason="debt", by=anna, at=NOON)

    account = unblock_account(account=olgas_account, by=anna, at=LATER)

    block = AccountBlock.objects.get()
    assert (block.valid_from, block.valid_to, account.status) == (NOON.date(), LATER.date(), "active")
    with pytest.raises(AccountNotBlocked):
        unblock_account(account=olgas_account, by=anna, at=LATER)


def test_a_closed_account_pays_for_nothing_and_is_not_blocked(olgas_account, olgas_internet, anna):
    pay_for_product(account=olgas_account, product=olgas_internet, by=anna, at=NOON)
    close_account(account=olgas_account, by=anna, at=LATER)

    assert AccountProduct.objects.get().valid_to == LATER.date()
    with pytest.raises(AccountIsClosed):
        close_account(account=olgas_account, by=anna, at=LATER)
    with pytest.raises(AccountIsClosed):
        block_account(account=olgas_account, reason="debt", by=anna, at=LATER)
    with pytest.raises(AccountIsClosed):
        pay_for_product(account=olgas_account, product=olgas_internet, by=anna, at=LATER)


def test_another_party_may_become_the_payer(olgas_account, olgas_internet, sever, anna):
    pay_for_product(account=olgas_account, product=olgas_internet, by=anna, at=NOON)
    company = open_account(party=sever, number="ЛС-9", kind="postpaid", by=anna, at=NOON)

    pay_for_product(account=company, product=olgas_internet, by=anna, at=LATER)

    payers = AccountProduct.objects.order_by("valid_from").values_list("account__party", "valid_to")
    assert list(payers) == [(olgas_account.party_id, LATER.date()), (sever.pk, None)]


def test_the_ladder_of_seeing_accounts(olgas_account, anna, gleb, reader):
    assert BillingAccount.objects.visible_to(anna).get() == olgas_account
    assert not BillingAccount.objects.visible_to(gleb).exists()
    assert not BillingAccount.objects.visible_to(reader).exists()
