"""The addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from homework.api.answers import AnswerView
from homework.api.drafts import ActivityDraftView, PathwayDraftView, PathwayPreviewView
from homework.views import filling
from homework.views.desk import builder, client_homework, library, pathways, review, sending
from homework.views.portal import journey

app_name = "homework"
FILLING: list[URLPattern | URLResolver] = [
    path("journey/", journey.show, name="portal-journey"),
    path("activities/<int:pk>/", filling.portal_start, name="portal-fill-start"),
    path("activities/<int:pk>/<int:number>/", filling.portal_page, name="portal-fill-page"),
    path("activities/<int:pk>/done/", filling.portal_done, name="portal-fill-done"),
    path("desk/forms/<int:pk>/", filling.desk_start, name="desk-fill-start"),
    path("desk/forms/<int:pk>/<int:number>/", filling.desk_page, name="desk-fill-page"),
    path("desk/forms/<int:pk>/done/", filling.desk_done, name="desk-fill-done"),
    path("desk/review/", review.show, name="desk-review"),
    path("desk/review/<int:pk>/", review.response, name="desk-response"),
    path("desk/review/<int:pk>/comment/", review.reply, name="desk-response-comment"),
    path("desk/review/<int:pk>/read/", review.read, name="desk-response-read"),
    path("api/v1/assignments/<int:pk>/answers/<slug:block>", AnswerView.as_view(), name="api-answer"),
]
LIBRARY: list[URLPattern | URLResolver] = [
    path("desk/library/", library.show, name="desk-library"),
    path("desk/library/activities/new/", library.new, name="desk-activity-new"),
    path("desk/library/activities/<int:pk>/", library.activity, name="desk-activity"),
    path("desk/library/activities/<int:pk>/copy/", library.copy, name="desk-activity-copy"),
    path("desk/library/activities/<int:pk>/archive/", library.archive, name="desk-activity-archive"),
    path("desk/library/activities/<int:pk>/edit/", builder.edit, name="desk-activity-edit"),
    path("desk/library/activities/<int:pk>/edit/parts/", builder.parts, name="desk-activity-parts"),
    path("desk/library/activities/<int:pk>/about/", builder.about, name="desk-activity-about"),
    path("desk/library/activities/<int:pk>/preview/", builder.preview, name="desk-activity-preview"),
    path("desk/library/activities/<int:pk>/publish/", builder.publish, name="desk-activity-publish"),
    path("api/v1/activities/<int:pk>/draft", ActivityDraftView.as_view(), name="api-activity-draft"),
]
STEERING: list[URLPattern | URLResolver] = [
    path("desk/library/send/", sending.send, name="desk-send"),
    path("desk/clients/<int:client_id>/homework/", client_homework.tab, name="client-homework"),
    path("desk/clients/assignments/<int:pk>/move/", client_homework.move, name="assignment-move"),
    path("desk/clients/assignments/<int:pk>/<slug:act>/", client_homework.steer_assignment, name="assignment-steer"),
    path("desk/clients/enrolments/<int:pk>/<slug:act>/", client_homework.steer_enrolment, name="enrolment-steer"),
]
PATHWAYS: list[URLPattern | URLResolver] = [
    path("desk/pathways/", pathways.show_all, name="desk-pathways"),
    path("desk/pathways/new/", pathways.new, name="desk-pathway-new"),
    path("desk/pathways/import/", pathways.take_in, name="desk-pathway-import"),
    path("desk/pathways/<int:pk>/", pathways.show, name="desk-pathway"),
    path("desk/pathways/<int:pk>/edit/", pathways.edit, name="desk-pathway-edit"),
    path("desk/pathways/<int:pk>/about/", pathways.about, name="desk-pathway-about"),
    path("desk/pathways/<int:pk>/edit/parts/", pathways.parts, name="desk-pathway-parts"),
    path("desk/pathways/<int:pk>/publish/", pathways.publish, name="desk-pathway-publish"),
    path("desk/pathways/<int:pk>/copy/", pathways.copy, name="desk-pathway-copy"),
    path("desk/pathways/<int:pk>/archive/", pathways.archive, name="desk-pathway-archive"),
    path("desk/pathways/<int:pk>/export/", pathways.export, name="desk-pathway-export"),
    path("api/v1/pathways/<int:pk>/draft", PathwayDraftView.as_view(), name="api-pathway-draft"),
    path("api/v1/pathways/<int:pk>/preview", PathwayPreviewView.as_view(), name="api-pathway-preview"),
]
urlpatterns = [*FILLING, *LIBRARY, *STEERING, *PATHWAYS]
