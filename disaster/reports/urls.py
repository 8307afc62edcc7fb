"""Where the desk pages of reports are."""

from __future__ import annotations

from django.urls import path

from disaster.reports.views import events_page, review_page, table_page

urlpatterns = [
    path("table/", table_page.page, name="table"),
    path("table/sources/", table_page.sources, name="table-sources"),
    path("events/", events_page.index, name="events"),
    path("events/<uuid:event_id>/", events_page.one, name="event"),
    path("review/", review_page.queue, name="review"),
    path("review/<uuid:report_id>/", review_page.one, name="review-one"),
]
