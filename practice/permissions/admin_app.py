"""Django's handle on the admin site."""

from django.contrib.admin.apps import AdminConfig


class RapportAdminConfig(AdminConfig):
    """The admin site: our own class, so that its door is ours."""

    default = False
    default_site = "practice.permissions.admin_site.PracticeAdminSite"
