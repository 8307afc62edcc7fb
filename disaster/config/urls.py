"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from disaster.config.api import api

urlpatterns = [
    path("", include("disaster.people.urls")),
    path("api/", api.urls),
    path("", include("gis.urls")),
    path("", include("disaster.config.shells")),
    path("", include("disaster.config.map_urls")),
    path("", include("disaster.config.importing.urls")),
    path("", include("disaster.config.tokens")),
    path("", include("disaster.reports.urls")),
    path("", include("disaster.duty.urls")),
    path("", include("disaster.warnings.urls")),
    path("", include("disaster.refuge.urls")),
    path("", include("disaster.registers.urls")),
    path("", include("disaster.relief.stock.urls")),
    path("", include("disaster.relief.plan.urls")),
    path("", include("disaster.relief.needs.urls")),
    path("", include("disaster.relief.dispatch.urls")),
    path("", include("disaster.relief.board.urls")),
    path("", include("disaster.relief.disclosure.urls")),
    path("", include("disaster.briefings.urls")),
    path("", include("disaster.relief.funds.urls")),
    path("", include("disaster.relief.receipts.urls")),
    path("", include("disaster.reports.filing_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
