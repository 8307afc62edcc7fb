"""Steps of an officer at the phone page, as the journeys tell them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import Site


def at(site: Site, area: str) -> dict[str, Any]:
    """A phone that knows where it is: in the middle of a village."""
    with site.database.connect() as connection:
        lon, lat = connection.execute(
            "SELECT ST_X(point::geometry), ST_Y(point::geometry) FROM places_area WHERE code = %s", [area]
        ).fetchone() or (0, 0)
    return {
        "geolocation": {"longitude": lon, "latitude": lat, "accuracy": 12},
        "permissions": ["geolocation"],
    }


def jpeg(colour: str = "teal", size: tuple[int, int] = (2400, 1800)) -> FilePayload:
    """A photo as a phone's camera gives it: larger than it will be sent."""
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def until(page: Page, condition: str) -> None:
    """Wait until an asynchronous condition of the page holds (``wait_for_function`` takes any promise for true)."""
    page.evaluate(
        f"""async () => {{
            const deadline = Date.now() + 30_000;
            while (!(await ({condition}))) {{
                if (Date.now() > deadline) throw new Error("waited in vain");
                await new Promise((done) => setTimeout(done, 50));
            }}
        }}"""
    )


def kept_on_phone(page: Page, text: str) -> None:
    """Wait until a draft holds a text, on the disk."""
    until(
        page,
        f"""new Promise((done) => {{
            const open = indexedDB.open("zaiqing-field");
            open.onsuccess = () => {{
                const all = open.result.transaction("drafts").objectStore("drafts").getAll();
                all.onsuccess = () => {{ open.result.close(); done(all.result.some((draft) => draft.text === "{text}")); }};
            }};
        }})""",
    )


HEARD = """new Promise((done) => {
    const open = indexedDB.open("zaiqing-field");
    open.onsuccess = () => {
        const all = open.result.transaction("views").objectStore("views").getAll();
        all.onsuccess = () => { open.result.close(); done(all.result.some(({ object }) => object === "event")); };
    };
})"""


def heard(page: Page) -> None:
    """Wait until the phone has heard of the event to which a report belongs: it fills in the hazard."""
    expect(page.locator("#line")).to_have_text("已连市局")
    until(page, HEARD)


def ready(page: Page) -> None:
    """Wait until the first screen stands, the worker keeps the page, and the bureau was heard."""
    expect(page.locator("#write")).to_be_visible()
    until(page, "navigator.serviceWorker.controller")
    heard(page)


def write_report(page: Page, photo: FilePayload | None = None, **figures: str) -> None:
    """Fill in the form and press 上报."""
    page.click("#write")
    for key, value in figures.items():
        page.fill(f"#figure-{key}", value)
    if photo:
        page.set_input_files("#photo-input", photo)
        expect(page.locator("[data-photo]")).to_have_count(1)
    page.click("#send")


def officer_of(site: Site, number: int) -> tuple[str, str]:
    """An officer of a village no other journey uses, and the village's code."""
    code = site.villages()[number][0]
    return f"v{code[6:]}a", code


def stored(site: Site, area: str) -> list[tuple[Any, ...]]:
    """What the database holds of an area: number, state, figures, how many photos named and stored."""
    with site.database.connect() as connection:
        return connection.execute(
            """SELECT number, state, kind, figures, cardinality(photos),
                      (SELECT count(*) FROM reports_photo photo WHERE photo.report_id = report.id), corrects, crosses
               FROM reports_report report WHERE area_code = %s ORDER BY serial""",
            [area],
        ).fetchall()
