"""Which practice a query runs in. Outside a scope every read and every write of client data raises.

`with scope(practice=practice):` opens one; `every_practice("why")` is for the few places that serve all of them.
"""

from django_scopes.exceptions import ScopeError

from practice.tenancy.closed_rows import TenantManager, TenantQuerySet, tenant_manager
from practice.tenancy.models import TenantModel
from practice.tenancy.scoping import current_practice_id, every_practice, scope

__all__ = [
    "ScopeError",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "current_practice_id",
    "every_practice",
    "scope",
    "tenant_manager",
]
