"""Wrong settings of the base map are said at the start, not on the map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from gis import basemap


@register
def settings_can_be_used(**_: Any) -> list[CheckMessage]:
    """Name a setting that can't be used, and a foreign map without its 审图号."""
    dem = settings.BASEMAP["dem"]
    found: list[CheckMessage] = []
    if dem and not Path(dem).is_file():
        found.append(Error(f"ZAIQING_DEM: 没有这个文件: {dem}", id="places.E001"))
    try:
        hosts = basemap.hosts()
    except basemap.BadSource as error:
        return [*found, Error(str(error), id="places.E002")]
    if hosts and not settings.BASEMAP["approval"]:
        found.append(
            Warning("底图未写审图号,请设 ZAIQING_BASEMAP_APPROVAL(地图管理条例 第十五条)", id="places.W001")
        )
    return found
