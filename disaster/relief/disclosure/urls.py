"""Where the pages for everybody and the desk's pages of notices and complaints are."""

from __future__ import annotations

from django.urls import path

from disaster.relief.disclosure import public_views, views

urlpatterns = [
    path("public/", public_views.listed, name="public"),
    path("public/objections/new/", public_views.complain, name="public-complain"),
    path("public/objections/answer/", public_views.ask, name="public-ask"),
    path("public/<str:number>/", public_views.programme, name="public-programme"),
    path("public/<str:number>/figures.csv", public_views.figures, name="public-figures"),
    path("public/<str:number>/<str:area>/", public_views.village, name="public-village"),
    path(
        "public/<str:number>/<str:area>/photos/<str:photo_hash>/<str:size>.jpg",
        public_views.photo,
        name="public-photo",
    ),
    path("public/<str:number>/<str:area>/levels/<str:level>/", public_views.level, name="public-level"),
    path("complaints/", views.listed, name="complaints"),
    path("complaints/new/", views.enter, name="complaint-new"),
    path("complaints/notices/", views.notices, name="disclosure-notices"),
    path("complaints/notices/<uuid:notice_id>/", views.notice, name="disclosure-notice"),
    path("complaints/<uuid:case_id>/", views.case, name="complaint"),
]
