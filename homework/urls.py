"""The addresses of this room."""

from django.urls import URLPattern, URLResolver

app_name = "homework"
urlpatterns: list[URLPattern | URLResolver] = []
