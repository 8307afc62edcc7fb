"""The briefing pages."""

from django.urls import path

from disaster.briefings import views
from disaster.briefings.wall import views as wall

urlpatterns = [
    path("briefings/", views.listed, name="briefings"),
    path("briefings/subscriptions/", views.subscriptions, name="briefing-subscriptions"),
    path("briefings/<uuid:briefing_id>/", views.one, name="briefing"),
    path("briefings/<uuid:briefing_id>/figures/<str:key>/", views.figure, name="briefing-figure"),
    path("wall/", wall.page, name="wall"),
]
