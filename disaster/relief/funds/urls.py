"""Where the pages of relief money are."""

from __future__ import annotations

from django.urls import path

from disaster.relief.funds import views

urlpatterns = [
    path("funds/", views.listed, name="funds"),
    path("funds/quotas/new/", views.enter_quota, name="fund-quota-new"),
    path("funds/quotas/<uuid:quota_id>/", views.quota, name="fund-quota"),
    path("funds/batches/new/", views.make_batch, name="fund-batch-new"),
    path("funds/batches/<uuid:batch_id>/", views.batch, name="fund-batch"),
]
