"""What every table keeps to: fails closed, points down, and the database holds the practice."""

import pytest
from django.apps import apps
from django.db import connection, models

from practice.tenancy import TenantModel

ROOMS = ("practice", "clients", "messaging", "homework", "alliance")
OURS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]
TENANT = [model for model in OURS if issubclass(model, TenantModel)]


def foreign_keys(model):
    """The model's own foreign keys."""
    return [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]


@pytest.mark.parametrize("model", TENANT, ids=lambda model: model.__name__)
def test_tenant_table_fails_closed_in_its_base_manager_too(model):
    assert model._meta.base_manager_name == "objects"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_foreign_keys_point_down(model):
    here = ROOMS.index(model._meta.app_label)
    targets = {field.related_model._meta.app_label for field in foreign_keys(model)} & set(ROOMS)
    assert all(ROOMS.index(label) <= here for label in targets)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_way_back_from_a_table_without_scope(model):
    """A reverse accessor on an unscoped table would be a join around the scope."""
    if not issubclass(model, TenantModel):
        return
    ways = [
        field.name
        for field in foreign_keys(model)
        if not issubclass(field.related_model, TenantModel) and field.remote_field.related_name != "+"
    ]
    assert ways == []


@pytest.mark.parametrize("model", TENANT, ids=lambda model: model.__name__)
def test_client_column_is_bound_to_the_same_practice(db, model):
    columns = [field.column for field in foreign_keys(model) if field.related_model._meta.label == "clients.Client"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
            [model._meta.db_table],
        )
        found = [definition for (definition,) in cursor.fetchall()]
    for column in columns:
        wanted = f"FOREIGN KEY (practice_id, {column}) REFERENCES clients_client(practice_id, id)"
        assert any(definition.startswith(wanted) for definition in found), found
