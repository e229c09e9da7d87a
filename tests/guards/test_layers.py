"""Relations of the data base point down the same list as imports do (import-linter does not see them)."""

import pytest
from django.apps import apps
from django.db.models import Field, Model

from tests.guards.layers import floors, packages

OURS = [app.label for app in apps.get_app_configs() if app.name.startswith("svyaz.")]


def relations(model: type[Model]) -> list[tuple[Field, str]]:  # type: ignore[type-arg]
    """Return the fields of a model that point to another of our packages, each with that package."""
    found = []
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        target = field.related_model
        if isinstance(target, type) and target._meta.app_label in OURS:
            found.append((field, target._meta.app_label))
    return found


CROSSING = [
    pytest.param(field, label, target, id=f"{model._meta.label}.{field.name}")
    for label in OURS
    for model in apps.get_app_config(label).get_models(include_auto_created=True)
    for field, target in relations(model)
    if target != label
]


@pytest.mark.parametrize(("field", "package", "target"), CROSSING)
def test_a_relation_points_down(field: Field, package: str, target: str) -> None:  # type: ignore[type-arg]
    assert floors()[target] > floors()[package], f"{package} stands below {target}, or beside it"


@pytest.mark.parametrize(("field", "package", "target"), CROSSING)
def test_no_accessor_leads_back_up(field: Field, package: str, target: str) -> None:  # type: ignore[type-arg]
    assert field.remote_field is not None
    assert field.remote_field.hidden, 'write related_name="+": a lower package must not know the higher one'


def test_every_package_is_an_installed_app_and_every_app_has_a_floor() -> None:
    assert set(OURS) <= set(floors())
    assert set(packages()) - {"lib"} == set(OURS)


@pytest.mark.parametrize("label", OURS)
def test_the_label_of_an_app_is_the_name_of_its_package(label: str) -> None:
    assert apps.get_app_config(label).name == f"svyaz.{label}"
