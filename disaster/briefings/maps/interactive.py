"""One self-contained interactive map, made with folium: opens from a USB stick with no network.

Every asset is written into the file; what folium would fetch from elsewhere is not used.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.staticfiles import finders
from folium.features import GeoJson, GeoJsonPopup, GeoJsonTooltip
from jinja2 import Template

from disaster.briefings.content import Content, Moment
from disaster.briefings.maps import borders, classes
from disaster.briefings.maps.ground import Ground, Shape
from disaster.briefings.render import words

LEAFLET = ("vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css")
WARNINGS = {"red": "#d7191c", "orange": "#f57c00", "yellow": "#f2c200", "blue": "#1e6fd9"}
TRACED = ("流水位置", "")
DIGITS = 5
"""Of a degree: a metre, and half the file."""


def render(content: Content, ground: Ground, *, what: str, link: str, mark: str = words.SECRECY) -> bytes:
    """Write the map; the slider goes through the content's moments, the last one is its own.

    ``mark`` says who may have it. Without a ``link`` nothing leads back inside.
    """
    moments = content.moments
    outline = ground.outline
    west, south, east, north = outline.extent if outline else (116.0, 30.4, 116.8, 31.1)
    # The base map is ours alone: no tiles are asked for.
    made = folium.Map(tiles=None, zoom_control=True, prefer_canvas=True, attr=content.area_name)
    made.default_js, made.default_css = [], []
    figure = next((one for one in content.figures if one.key == content.mapped), None)
    opens = words.address(link, figure) if link and figure else ""
    villages = _areas(ground.villages or ground.townships, moments[-1], what, opens)
    villages.add_to(made)
    _outlines(ground).add_to(made)
    if ground.roads:
        _roads(ground).add_to(made)
    for layer in (_zones(ground), _closures(ground), _shelters(ground)):
        if layer is not None:
            layer.add_to(made)
    made.fit_bounds([[south, west], [north, east]])
    folium.LayerControl(collapsed=False, position="topright").add_to(made)
    made.add_child(_Panel(content, made, villages, what, link, mark))
    return _inlined(made.get_root().render(), content.title).encode()


def _areas(areas: Sequence[Shape], moment: Moment, what: str, opens: str) -> GeoJson:
    """Draw the mapped figure; where ``opens`` says where its drill-down is, each popup is traced."""
    values = moment.values
    traced = ("position", "sources") if opens else ()

    def about(one: Shape) -> dict[str, str | int]:
        told = {"code": one.code, "name": one.name, "value": words.number(values.get(one.code)) or "—"}
        if not traced:
            return {**told}
        anchor = f'<a href="{html.escape(opens)}#a{one.code}" target="_blank" rel="noopener">逐项来源</a>'
        return {**told, "position": moment.positions.get(one.code, "—"), "sources": anchor}

    features = [_feature(one.shape, about(one)) for one in areas if one.shape]
    limits = classes.breaks(values.values())
    return GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=what,
        # Smoothed, neighbours would part from the border they have in common.
        smooth_factor=0,
        style_function=lambda feature: {
            "weight": 0.5,
            "color": "#66757f",
            "fillOpacity": 0.85,
            "fillColor": classes.COLORS[classes.grade(values.get(feature["properties"]["code"]), limits)],
        },
        tooltip=GeoJsonTooltip(["name", "value"], aliases=["", what], sticky=True),
        popup=GeoJsonPopup(
            ["name", "code", "value", *traced],
            aliases=["", "区划代码", what, *TRACED[: len(traced)]],
            localize=False,
        ),
        embed=True,
    )


def _outlines(ground: Ground) -> GeoJson:
    rim = ground.outline.boundary if ground.outline else None
    between = borders.once((one.shape for one in ground.townships), without=rim)
    features = [_feature(between, {"name": "乡镇界"})] if not between.empty else []
    if ground.outline:
        features.append(_feature(ground.outline, {"name": ground.name, "whole": True}))
    return GeoJson(
        {"type": "FeatureCollection", "features": features},
        name="乡镇界",
        smooth_factor=0,
        style_function=lambda feature: {
            "fill": False,
            "interactive": False,
            "color": "#16242e",
            "weight": 2.5 if feature["properties"].get("whole") else 1,
        },
    )


def _roads(ground: Ground) -> GeoJson:
    wide = {"motorway": 3, "national": 2.5, "provincial": 2, "county": 1.2, "township": 0.8}
    features = [_feature(way.line, {"kind": way.kind}) for way in ground.roads]
    return GeoJson(
        {"type": "FeatureCollection", "features": features},
        name="道路",
        style_function=lambda feature: {"color": "#8a6d3b", "weight": wide[feature["properties"]["kind"]]},
    )


def _zones(ground: Ground) -> GeoJson | None:
    return _layer(
        "危险区",
        [_feature(zone.shape, {"name": zone.name, "level": zone.level}) for zone in ground.zones],
        lambda feature: {
            "color": WARNINGS[feature["properties"]["level"]],
            "weight": 2,
            "fillOpacity": 0.25,
            "fillColor": WARNINGS[feature["properties"]["level"]],
        },
    )


def _closures(ground: Ground) -> GeoJson | None:
    return _layer(
        "断路",
        [_feature(one.shape.buffer(0.001), {"name": f"断路:{one.reason}"}) for one in ground.closures],
        lambda _feature: {"color": "#000000", "weight": 3, "fillOpacity": 0.6, "fillColor": "#000000"},
    )


def _shelters(ground: Ground) -> GeoJson | None:
    features = [
        _feature(
            GEOSGeometry(f"POINT({one.point[0]} {one.point[1]})", srid=4326),
            {"name": f"{one.name}:{one.occupancy}/{one.capacity}人"},
        )
        for one in ground.shelters
    ]
    return _layer("避难场所", features, None)


def _layer(name: str, features: list[dict[str, Any]], style: Any) -> GeoJson | None:
    if not features:
        return None
    marker = folium.CircleMarker(
        radius=6, color="#ffffff", weight=1, fill=True, fill_color="#1a6b3c", fill_opacity=1
    )
    return GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=name,
        style_function=style,
        marker=None if style else marker,
        tooltip=GeoJsonTooltip(["name"], labels=False),
    )


def _feature(shape: GEOSGeometry, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = json.loads(shape.json, parse_float=lambda text: round(float(text), DIGITS))
    return {"type": "Feature", "geometry": geometry, "properties": properties}


class _Panel(MacroElement):
    """Title, legend and the slider, over the map."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <section id="panel" aria-label="图例与时间">
          <h1>{{ this.title }}</h1>
          <p>{{ this.cutoff }}</p>
          <p class="lead">{{ this.lead }}</p>
          <ul>{% for color, text in this.legend %}<li><i style="background:{{ color }}"></i>{{ text }}</li>{% endfor %}</ul>
          <label>时间 <output id="when"></output>
            <input id="slider" type="range" min="0" max="{{ this.last }}" value="{{ this.last }}" step="1"></label>
          <p>{{ this.what }} <output id="sum"></output></p>
          <p class="soft">{{ this.source }}</p>
        </section>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        const moments = {{ this.moments }};
        const colors = {{ this.colors }};
        const shade = (value) => colors[{{ this.breaks }}.filter((limit) => value >= limit).length];
        {{ this.map }}.attributionControl.setPrefix("Leaflet");
        const slider = document.getElementById("slider");
        const at = () => {
          const { when, values, positions } = moments[slider.value];
          document.getElementById("when").textContent = when;
          const sum = Object.values(values).reduce((all, one) => all + one, 0);
          document.getElementById("sum").textContent = String(Math.round(sum * 100) / 100);
          {{ this.map }}.closePopup();
          {{ this.layer }}.eachLayer((one) => {
            const { properties } = one.feature;
            properties.value = values[properties.code] ?? "—";
            if ("position" in properties) properties.position = positions[properties.code] ?? "—";
            one.setStyle({ fillColor: shade(values[properties.code] ?? 0) });
          });
        };
        slider.addEventListener("input", at);
        at();
        {% endmacro %}
        """
    )

    def __init__(
        self, content: Content, whole: folium.Map, layer: GeoJson, what: str, link: str, mark: str
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        moments: Sequence[Moment] = content.moments
        self._name = "Panel"
        escape = html.escape
        self.title, self.lead = escape(content.title), escape(content.lead)
        self.what = f"图上合计 {escape(what)}"
        self.cutoff = f"统计截至 {words.moment(content.as_of)}　{words.basis(content)}　{escape(mark)}"
        limits = classes.breaks(moments[-1].values.values())
        self.legend = list(zip(classes.COLORS, [f"{what}:无报告或为零", *classes.names(limits)], strict=True))
        traced = f"流水位置 {content.witness.position},散列 {content.witness.hash[:16]}…"
        to = escape(link)
        opens = f'逐项来源:<a href="{to}" target="_blank" rel="noopener">{to}</a>'
        self.source = f"{traced}　{opens}" if link else ""
        self.map, self.layer, self.last = whole.get_name(), layer.get_name(), len(moments) - 1
        self.colors, self.breaks = json.dumps(classes.COLORS), json.dumps(limits)
        self.moments = json.dumps(
            [
                {
                    "when": words.moment(one.at),
                    "values": {code: float(value) for code, value in one.values.items()},
                    **({"positions": one.positions} if link else {}),
                }
                for one in moments
            ],
            ensure_ascii=False,
        )


STYLE = """
#panel { position: fixed; z-index: 1000; left: 12px; bottom: 12px; width: min(360px, calc(100vw - 24px));
  max-height: calc(100vh - 24px); overflow: auto; box-sizing: border-box; padding: 12px 16px; border-radius: 8px;
  background: rgb(255 255 255 / 95%); box-shadow: 0 2px 12px rgb(0 0 0 / 25%);
  font: 14px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #16242e; }
#panel h1 { margin: 0; font-size: 18px; } #panel p { margin: 4px 0; } #panel ul { list-style: none; margin: 6px 0; padding: 0;
  columns: 2; } #panel i { display: inline-block; width: 16px; height: 12px; margin-right: 6px; border: 1px solid #66757f; }
#panel input { width: 100%; } #panel .soft { font-size: 12px; color: #4a5c68; overflow-wrap: anywhere; }
.leaflet-container { background: #f2f5f7; }
@media (max-width: 640px) {
  .folium-map { height: 58vh !important; }
  #panel { left: 0; bottom: 0; width: 100%; height: 42vh; border-radius: 0; box-shadow: none; border-top: 1px solid #66757f; }
  #panel h1 { font-size: 16px; } #panel .lead { display: none; }
  .leaflet-control-layers { font-size: 12px; }
}
"""


def _inlined(page: str, title: str) -> str:
    """Put the library into the page, and name it."""
    script, style = (_asset(name) for name in LEAFLET)
    # The layer switch's pictures would be files beside the style; it is open and needs none.
    style = re.sub(r"url\\([^)]*\\)", "none", style)
    head = (
        f'<meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<script>{script}</script><style>{style}{STYLE}</style>"
    )
    return page.replace("<html>", '<html lang="zh-CN">', 1).replace("<head>", f"<head>{head}", 1)


def _asset(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
