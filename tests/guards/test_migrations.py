"""Migrations stand in one line, and none is missing."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = [app.label for app in apps.get_app_configs() if app.name.startswith("svyaz.")]


@pytest.mark.django_db
def test_no_migration_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check_changes=True, dry_run=True)
    except SystemExit:
        pytest.fail(f"Models and migrations differ; run `svyaz makemigrations`:\n{capsys.readouterr().out}")


@pytest.mark.parametrize("label", OURS)
def test_migrations_stand_in_one_line(label: str) -> None:
    loader = MigrationLoader(None)
    mine = [key for key in loader.disk_migrations if key[0] == label]
    parents = [parent for key in mine for parent in loader.disk_migrations[key].dependencies if parent[0] == label]
    assert len(parents) == len(set(parents)), "two migrations follow the same one"
    assert len(loader.graph.leaf_nodes(label)) == bool(mine)


@pytest.mark.parametrize("label", OURS)
def test_migrations_are_numbered_and_named(label: str) -> None:
    names = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == label)
    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]
    assert [name for name in names if "_auto_" in name] == []
