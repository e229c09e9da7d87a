"""What the bench's figures hang on: names as in a telephone book, the same statements, plans read rightly."""

import json
from pathlib import Path
from random import Random

import psycopg
import pytest
from django.db import connection

from bench import base, report, rows
from bench.capture import Statement, shielded
from bench.floor import fixed_script, keyed_script
from bench.names import NameBook
from bench.plans import large_scans
from svyaz.lib.phones import normalize_phone
from svyaz.lib.text import name_key


def test_names_are_as_frequent_as_in_a_telephone_book():
    keys = [name_key(*person[:3]) for person in NameBook(1).people(20_000)]

    def share(words: str) -> float:
        return sum(all(word in key for word in words.split()) for key in keys) / len(keys)

    assert 0.003 < share("ковал") < 0.02
    assert 0.0005 < share("анна пав") < 0.005
    assert 0.0005 < share("маркин") < 0.005
    assert len(set(keys)) > 17_000


def test_the_same_size_draws_the_same_parties():
    first, second = list(base.parties(600)), list(base.parties(600))

    assert [row[:-1] for row in first] == [row[:-1] for row in second]
    assert sum(row[1] == "organization" for row in first) == 600 // 12 + rows.COMPETITORS
    assert all(row[3] == name_key(str(row[2])) for row in first)


def test_every_customer_has_a_phone_of_his_own():
    phones = {rows.phone(number) for number in range(1, 5001)}

    assert len(phones) == 5000
    assert all(normalize_phone(phone) == phone for phone in Random(1).sample(sorted(phones), 50))


@pytest.mark.django_db
def test_sql_and_python_agree_on_phones():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT i, {rows.phone_sql('i')} FROM generate_series(1, 2000000, 99991) i")
        assert all(rows.phone(number) == phone for number, phone in cursor.fetchall())


def test_pgbench_sees_no_variable_in_a_string():
    assert shielded("SELECT '12:30' || x::text, 'a''b:c', E'\\n:d', 'plain'") == (
        "SELECT E'12\\x3a30' || x::text, E'a''b\\x3ac', E'\\n\\x3ad', 'plain'"
    )


def test_a_keyed_script_puts_another_customer_in_place_of_the_one_taken_down():
    taken = [Statement("SELECT $1::bigint, $2::text, $3::int, $1", (4711, rows.phone(4711), 50), is_prepared=True)]

    script = keyed_script(taken, 4711, 4, 1_000_000)

    assert "\\set party random(1, 250000) * 4" in script
    assert "SELECT :party::bigint, ('+' || :phone)::text, 50::int, :party;" in script
    assert "BEGIN" not in script


def test_a_script_of_writes_is_one_transaction():
    taken = [Statement("INSERT INTO t VALUES (4711, 'C-4711', 147110)")]

    assert keyed_script(taken, 4711, 1, 10_000).splitlines()[2:] == [
        "BEGIN;",
        "INSERT INTO t VALUES (:party, 'C-4711', 147110);",
        "COMMIT;",
    ]


def test_a_fixed_script_keeps_every_value():
    assert fixed_script([Statement("SELECT $1::text", ("а:б",))]) == "SELECT E'а\\x3aб'::text;"


@pytest.mark.django_db
def test_a_large_table_read_through_is_found():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE small AS SELECT 1 AS x")
        cursor.execute("CREATE TEMP TABLE large AS SELECT x FROM generate_series(1, 20000) x")
        cursor.execute("ANALYZE large")
        cursor.execute("EXPLAIN (FORMAT JSON) SELECT * FROM small WHERE x IN (SELECT x FROM large)")
        tree = cursor.fetchone()[0]

    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    assert large_scans(raw, tree if not isinstance(tree, str) else json.loads(tree)) == ["large (20,000 rows)"]


def test_figures_name_size_operation_and_the_five_numbers():
    row = {"http_per_s": 1.0, "p50_ms": 2.0, "p99_ms": 3.0, "floor_per_s": 4.0, "ratio": 0.25, "web_cpu_ms": 9}

    assert report.figures([{"customers": 10_000, "operations": {"list": row}}]) == {
        "10000": {"list": {"http_per_s": 1.0, "p50_ms": 2.0, "p99_ms": 3.0, "floor_per_s": 4.0, "ratio": 0.25}}
    }


def test_a_base_of_another_version_or_too_old_is_not_used_again():
    assert base.is_good(base.described(1000), 1000)
    assert not base.is_good(base.described(1000), 2000)
    assert not base.is_good(base.described(1000).replace(f"bench {base.VERSION}", "bench 0"), 1000)
    assert not base.is_good(f"svyaz bench {base.VERSION}, 1000 customers, of 2020-01-01", 1000)
    assert not base.is_good(None, 1000)


def test_no_plan_that_is_kept_reads_a_large_table_through():
    for file in (Path(base.__file__).parent / "plans").glob("*.txt"):
        assert "Seq Scan on parties_party " not in file.read_text()
