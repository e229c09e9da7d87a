"""The public base of a telecom operator's customers comes in whole, and nothing is added to it."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from svyaz.billing.models import AccountProduct, Bill, BillingAccount
from svyaz.exchange.actions import import_customers
from svyaz.exchange.tests.conftest import AT, table
from svyaz.parties.models import Agreement, ContactMedium, Party, PartyRole
from svyaz.services.models import Product
from svyaz.users.models import User

AS_OF = date(2020, 1, 1)
FOLDER = settings.PROJECT_DIR.parents[1] / "shared"
FILE = FOLDER / "data" / "ibm_telco" / "WA_Fn-UseC_-Telco-Customer-Churn.csv"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the IBM Telco base is not here ({FILE})")

ADD_ONS = {
    "PhoneService": "telco-phone",
    "MultipleLines": "telco-multiple-lines",
    "OnlineSecurity": "telco-online-security",
    "OnlineBackup": "telco-online-backup",
    "DeviceProtection": "telco-device-protection",
    "TechSupport": "telco-tech-support",
    "StreamingTV": "telco-streaming-tv",
    "StreamingMovies": "telco-streaming-movies",
}
INTERNET = {"DSL": "telco-internet-dsl", "Fiber optic": "telco-internet-fiber"}


def test_the_base_comes_in_whole(clerk: User, tmp_path: Path) -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    result = import_customers(
        path=FILE, mapping="ibm_telco", by=clerk, at=AT, as_of=AS_OF, processes=0, bad_rows=tmp_path / "bad.csv"
    )

    assert (result.rows, result.added, result.bad, result.notices) == (7043, 7043, 0, 11)
    assert_roles(rows)
    assert_money(rows)
    assert_products(rows)
    assert_nothing_invented()
    assert_notices(rows, result.notices_file)
    again = import_customers(
        path=FILE, mapping="ibm_telco", by=clerk, at=AT, as_of=AS_OF, processes=0, bad_rows=tmp_path / "bad.csv"
    )
    assert (again.added, again.unchanged) == (0, 7043)


def assert_roles(rows: list[dict[str, str]]) -> None:
    ended = PartyRole.objects.filter(status="closed", valid_to=AS_OF, end_reason="by as-of 2020-01-01")
    assert ended.count() == sum(row["Churn"] == "Yes" for row in rows) == 1869
    assert PartyRole.objects.current().count() == 7043 - 1869
    assert set(PartyRole.objects.values_list("number", flat=True)) == {row["customerID"] for row in rows}
    terms = Counter(Agreement.objects.values_list("term", flat=True))
    assert terms == Counter(row["Contract"] for row in rows)
    first = PartyRole.objects.get(number="5575-GNVDE")
    assert first.valid_from == date(2017, 3, 1)
    assert first.party.characteristics == {
        "seniorCitizen": False, "partner": False, "dependents": False, "tenureMonths": 34,
        "sinceBy": "as-of 2020-01-01",
    }  # fmt: skip


def assert_money(rows: list[dict[str, str]]) -> None:
    accounts = list(BillingAccount.objects.values_list("number", "characteristics", "status"))
    for name, column in (("monthlyCharge", "MonthlyCharges"), ("totalCharge", "TotalCharges")):
        kept = sum((Decimal(each.get(name, 0)) for _number, each, _status in accounts), Decimal(0))
        assert kept == sum((Decimal(row[column].strip() or 0) for row in rows), Decimal(0))
    assert sum("totalCharge" not in each for _number, each, _status in accounts) == 11
    assert Counter(each["paymentMethod"] for _number, each, _status in accounts) == Counter(
        row["PaymentMethod"] for row in rows
    )
    assert sum(status == "closed" for _number, _each, status in accounts) == 1869


def assert_products(rows: list[dict[str, str]]) -> None:
    expected = Counter(code for row in rows for column, code in ADD_ONS.items() if row[column] == "Yes")
    expected += Counter(INTERNET[row["InternetService"]] for row in rows if row["InternetService"] in INTERNET)
    assert Counter(Product.objects.values_list("offering__code", flat=True)) == expected
    assert AccountProduct.objects.count() == Product.objects.count() == sum(expected.values())
    assert not Product.objects.filter(price__isnull=False).exists()
    left = Product.objects.filter(status="terminated").values("party").distinct().count()
    assert left == sum(row["Churn"] == "Yes" for row in rows)


def assert_nothing_invented() -> None:
    assert not Party.objects.exclude(name="").exists()
    assert not ContactMedium.objects.exists()
    assert not Bill.objects.exists()
    assert not Product.objects.filter(valid_from__isnull=False).exists()
    assert not BillingAccount.objects.filter(balance__isnull=False).exists()


def assert_notices(rows: list[dict[str, str]], file: Path | None) -> None:
    told = [(int(row[0]), row[1]) for row in table(file)[1:]]
    assert told == [(line, row["customerID"]) for line, row in enumerate(rows, 2) if not row["TotalCharges"].strip()]
