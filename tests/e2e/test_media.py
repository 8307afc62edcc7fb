"""Photos and voice notes over a bad link: what has arrived is never sent again, and the bureau sees the picture."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.e2e.conftest import Site
from tests.e2e.field_steps import at, heard, officer_of, ready, stored, write_report

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
RECORDING = re.compile(r"正在录音 [1-9]\d* /")
"""A second or more is recorded; a slow browser is looked at when the first is over."""


def a_busy_photo() -> FilePayload:
    """A photo that stays larger than a piece after the phone has shrunk it: rubble, not a plain wall."""
    rubble = Image.frombytes("RGB", (200, 150), os.urandom(200 * 150 * 3)).resize((1600, 1200))
    data = io.BytesIO()
    rubble.save(data, "JPEG", quality=90)
    return {"name": "rubble.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def test_a_photo_cut_off_goes_on_where_it_was(
    live: Site, phone: Callable[..., Page], desk: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 125)
    # A worker's requests would pass by the route.
    page = phone(account, **at(live, area), service_workers="block")
    heard(page)
    sent: list[int] = []
    sizes: set[int] = set()
    dead = {"line": True}

    def over_a_bad_link(route: Route) -> None:
        if route.request.method == "PATCH":
            # The first piece arrives; from then on the line is dead.
            if dead["line"] and sent:
                route.abort()
                return
            sizes.add(int(parse_qs(urlsplit(route.request.url).query)["size"][0]))
            sent.append(len(route.request.post_data_buffer or b""))
        route.continue_()

    page.route("**/api/uploads/**", over_a_bad_link)
    with page.expect_event("requestfailed", lambda request: "/api/uploads/" in request.url):
        write_report(page, a_busy_photo(), affected="8")
    card = page.locator(".card-row")
    expect(card).to_contain_text("已到市局")
    assert stored(live, area)[0][4:6] == (1, 0), "the report is there, its photo still on its way"
    assert len(sent) == 1

    dead["line"] = False
    page.reload()
    expect(card).to_contain_text("照片 1/1 已传")
    [size] = sizes
    assert len(sent) > 1
    assert sum(sent) < 1.5 * size
    assert stored(live, area)[0][5] == 1

    bureau = desk("bureau", "/review/")
    bureau.goto(f"/map/#report={report_id(live, area)}")
    thumb = bureau.locator("#detail .photos img")
    expect(thumb).to_be_visible()
    assert thumb.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0


def a_photo_from(lon: float, lat: float, taken: str) -> FilePayload:
    """A photo as a camera with satellite positions writes it, lying on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (lat, 0.0, 0.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (lon, 0.0, 0.0)
    data = io.BytesIO()
    Image.new("RGB", (2400, 1800), "olive").save(data, "JPEG", exif=exif)
    return {"name": "elsewhere.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def test_a_photo_taken_elsewhere_long_ago_is_pointed_out_to_the_reviewer(
    live: Site, phone: Callable[..., Page], desk: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 129)
    page = phone(account, **at(live, area))
    ready(page)
    write_report(page, a_photo_from(117.28, 31.86, "2019:07:05 08:00:00"), affected="9")
    expect(page.locator(".card-row")).to_contain_text("照片 1/1 已传")
    review = desk("bureau", f"/review/{report_id(live, area)}/")
    expect(review.locator("figcaption")).to_contain_text("拍摄位置距报告")
    expect(review.locator("figcaption")).to_contain_text("拍摄时间")


def test_a_voice_note_is_recorded_kept_and_heard_at_the_bureau(
    live: Site, phone: Callable[..., Page], desk: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 126)
    where = at(live, area)
    page = phone(account, **{**where, "permissions": [*where["permissions"], "microphone"]})
    ready(page)
    page.click("#write")
    page.fill("#figure-affected", "6")
    for count in (1, 2):
        page.click("#voice")
        expect(page.locator("#voice-words")).to_contain_text(RECORDING)
        page.click("#voice")
        expect(page.locator("[data-voice]")).to_have_count(count)
    page.locator("[data-voice] .remove").first.click()
    expect(page.locator("[data-voice]")).to_have_count(1)

    # The line is gone and the page was closed: the note is still in the phone.
    page.context.set_offline(True)
    page.reload()
    page.goto("/field/#/write")
    player = page.locator("[data-voice] audio")
    expect(player).to_have_count(1)
    assert plays(player)
    page.click("#send")
    card = page.locator(".card-row")
    expect(card).to_contain_text("语音 0/1 已传")

    page.context.set_offline(False)
    page.reload()
    expect(card).to_contain_text("语音 1/1 已传")
    bureau = desk("bureau", "/review/")
    bureau.goto(f"/map/#report={report_id(live, area)}")
    assert plays(bureau.locator("#detail .voices audio"))
    bureau.goto(f"/review/{report_id(live, area)}/")
    assert plays(bureau.locator("audio"))


def test_where_no_microphone_is_allowed_the_page_says_what_to_do(
    live: Site, phone: Callable[..., Page]
) -> None:
    account, area = officer_of(live, 127)
    page = phone(account, **at(live, area))
    ready(page)
    page.click("#write")
    page.click("#voice")
    expect(page.locator("#voice-words")).to_contain_text("用不了麦克风")


def test_leaving_the_screen_ends_the_recording_and_keeps_it(live: Site, phone: Callable[..., Page]) -> None:
    account, area = officer_of(live, 128)
    where = at(live, area)
    page = phone(account, **{**where, "permissions": [*where["permissions"], "microphone"]})
    ready(page)
    page.click("#write")
    page.fill("#figure-affected", "4")
    page.click("#voice")
    expect(page.locator("#voice-words")).to_contain_text(RECORDING)
    page.goto("/field/#/")
    expect(page.locator("#write")).to_be_visible()
    page.evaluate(KEPT_VOICE)
    page.goto("/field/#/write")
    page.reload()
    expect(page.locator("[data-voice]")).to_have_count(1)


KEPT_VOICE = """async () => {
    const { all } = await import("/static/shared/db.js");
    const deadline = Date.now() + 30_000;
    while (!(await all("drafts")).some(({ voices = [] }) => voices.length)) {
        if (Date.now() > deadline) throw new Error("no voice was kept");
        await new Promise((done) => setTimeout(done, 50));
    }
}"""
"""Wait until a draft on the phone names a voice note."""


def plays(player: Locator) -> bool:
    """Whether a browser reads it as sound."""
    expect(player).to_be_visible()
    return bool(
        player.evaluate(
            """(audio) => new Promise((done) => {
                audio.onloadeddata = () => done(audio.videoWidth === undefined);
                audio.onerror = () => done(false);
                audio.preload = "auto";
                audio.load();
            })"""
        )
    )


def report_id(site: Site, area: str) -> str:
    with site.database.connect() as connection:
        found = connection.execute("SELECT id FROM reports_report WHERE area_code = %s", [area]).fetchone()
    assert found
    return str(found[0])
