"""`svyaz import customers`: words of the command line in, counts and files out."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from svyaz.exchange.actions.mapping import MappingError, load_mapping, shipped_mappings
from svyaz.exchange.models import Import
from svyaz.parties.models import PartyRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("number,name,phone\n1,Ivanov Ivan,89215550001\n2,Petrov Petr,12\n", encoding="utf-8")
    return path


def run(file: Path, *words: str) -> str:
    out = StringIO()
    bad = str(file.with_name("bad.csv"))
    call_command("import_data", "customers", str(file), "--bad-rows", bad, *words, stdout=out)
    return out.getvalue()


def test_it_acts_as_the_system_unless_a_user_is_named(file: Path) -> None:
    text = run(file, "--mapping", "customers_simple", "--as-of", "2026-11-01")

    batch = Import.objects.get()
    assert batch.by.username == "system"
    assert (batch.rows, batch.added, batch.bad) == (2, 1, 1)
    assert "bad.csv" in text
    assert PartyRole.objects.get().number == "1"


def test_a_dry_run_writes_nothing(file: Path) -> None:
    run(file, "--mapping", "customers_simple", "--dry-run")

    assert not Import.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--mapping", "nothing"),
        ("--mapping", "ibm_telco"),
        ("--mapping", "customers_simple", "--area", "nowhere"),
        ("--mapping", "customers_simple", "--as", "nobody"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(file: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(file, *words)


@pytest.mark.parametrize("name", shipped_mappings())
def test_shipped_mappings_are_well_written(name: str) -> None:
    assert load_mapping(name).identity


@pytest.mark.parametrize(
    "text",
    [
        "identity = [['colour']]",
        "identity = []",
        "identity = [['number']]\n[fields.number]\ncolumns = ['a']\nblank = 'perhaps'",
        "identity = [['number']]\n[[products]]\ncolumns = ['a']\nofferings = { 'Yes' = 'nothing' }",
        "identity = [['number']]\nsurprise = 1",
        "not toml",
    ],
)
def test_a_mapping_that_is_not_understood_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(MappingError, match=r"own\.toml"):
        load_mapping(str(path))


def test_a_mapping_of_ones_own(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        "identity = [['number']]\n[fields]\nnumber = { columns = ['number'] }\nfamily_name = { columns = ['name'] }\n",
        encoding="utf-8",
    )
    run(file, "--mapping", str(path))

    assert set(PartyRole.objects.values_list("party__name", flat=True)) == {"Ivanov Ivan", "Petrov Petr"}
    assert Import.objects.get().source == "own"
