/** Voice notes of a report: for hands that are cold, wet or can't write. Loaded when a report is written. */

import { el } from "../../shared/dom.js";
import { one, write } from "../../shared/db.js";
import { t } from "../../shared/i18n.js";
import { forgetPhotos } from "../draft.js";
import { field } from "../fields.js";
import { sha256 } from "../photos.js";

const MOST = 3;
const LONGEST_S = 60;
/** Speech is understood well at this; a minute is some 180 KB. */
const BITS_PER_S = 24_000;
/** What the server takes (services/voices.py); Safari writes only the second. */
const TYPES = ["audio/webm;codecs=opus", "audio/mp4"];

/** The format this phone records in; undefined where it can't. */
const recordable = () =>
  globalThis.MediaRecorder && navigator.mediaDevices?.getUserMedia && globalThis.crypto?.subtle && TYPES.find((type) => MediaRecorder.isTypeSupported(type));

/** An address to hear a voice note by, from the phone's own memory. @param {string} hash @returns {Promise<string | null>} */
export async function sound(hash) {
  const kept = await one("photos", hash);
  return kept ? URL.createObjectURL(new Blob([kept.bytes], { type: kept.mime ?? "" })) : null;
}

/**
 * @param {import("../draft.js").Draft} draft @param {() => Promise<void>} changed
 * @returns {{element: HTMLElement, settled: () => Promise<void>, leave: () => void}}  settled: a recording that runs is ended and kept
 */
export function voiceField(draft, changed) {
  const voices = (draft.voices ??= []);
  const type = recordable();
  const list = el("div.voices");
  const said = el("p.soft", { role: "status", id: "voice-words" });
  const button = el("button.button.quiet", { type: "button", id: "voice", onclick: () => (recorder ? stop() : start()) });
  /** @type {MediaRecorder | null} */
  let recorder = null;
  let work = Promise.resolve();
  let ticker = 0;
  /** Addresses that hold memory until they are given back. @type {string[]} */
  let shown = [];

  const say = (words, bad = false) => {
    said.textContent = words;
    said.classList.toggle("bad", bad);
  };

  async function start() {
    button.disabled = true;
    try {
      record(await navigator.mediaDevices.getUserMedia({ audio: true }));
    } catch {
      say(t("用不了麦克风:请在手机设置里允许本页录音,或改用文字说明。"), true);
    }
    button.disabled = false;
  }

  function record(stream) {
    const parts = [];
    const running = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_S });
    // The page was left while the phone asked for the microphone.
    if (!button.isConnected) return stream.getTracks().forEach((track) => track.stop());
    recorder = running;
    running.ondataavailable = ({ data }) => parts.push(data);
    work = new Promise((done) => {
      running.onstop = () => {
        clearInterval(ticker);
        stream.getTracks().forEach((track) => track.stop());
        recorder = null;
        take(new Blob(parts)).then(done);
      };
    });
    running.start();
    const began = Date.now();
    const tick = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      say(t("正在录音 {seconds} / {longest} 秒", { seconds, longest: LONGEST_S }));
      // Nobody listens on for somebody who has left the screen.
      if (seconds >= LONGEST_S || !button.isConnected) stop();
    };
    tick();
    ticker = setInterval(tick, 500);
    label();
    return undefined;
  }

  function stop() {
    if (recorder?.state === "recording") recorder.stop();
  }

  async function take(blob) {
    // The screen was left for good: a draft that was thrown away does not come back.
    if (!button.isConnected && !(await one("drafts", draft.id))) return;
    const bytes = await blob.arrayBuffer();
    const hash = await sha256(bytes);
    say("");
    try {
      if (bytes.byteLength && !voices.includes(hash)) {
        await write({ photos: { put: [{ hash, bytes, mime: type }] }, drafts: { put: [{ ...draft, voices: [...voices, hash] }] } });
        voices.push(hash);
      }
    } catch {
      say(t("手机空间不够,录音没有存下"), true);
    }
    await changed();
    await paint();
  }

  async function remove(hash) {
    voices.splice(voices.indexOf(hash), 1);
    await changed();
    await forgetPhotos([hash]);
    await paint();
  }

  function label() {
    button.textContent = recorder ? t("停止录音") : t("按一下开始录音");
    button.classList.toggle("recording", Boolean(recorder));
    button.hidden = !recorder && voices.length >= MOST;
  }

  async function paint() {
    forget();
    const rows = await Promise.all(voices.map(async (hash) => {
      const src = await sound(hash);
      if (src) shown.push(src);
      const player = el("audio", { controls: true, preload: "metadata", src: src ?? "", "aria-label": t("语音") });
      return el("div.voice", { "data-voice": hash }, player, el("button.remove", { type: "button", "aria-label": t("去掉这段语音"), onclick: () => remove(hash) }, "×"));
    }));
    list.replaceChildren(...rows);
    label();
  }

  function forget() {
    shown.forEach((src) => URL.revokeObjectURL(src));
    shown = [];
  }

  paint();
  button.hidden = !type;
  const content = type ? [list, button, said] : [list, el("p.soft", { id: "no-voice" }, t("这部手机的浏览器不能录音,请用文字说明。"))];
  const element = field("voices", t("语音说明(最多 {count} 段,每段 {seconds} 秒)", { count: MOST, seconds: LONGEST_S }), ...content);
  const settled = () => (stop(), work);
  return { element, settled, leave: () => void settled().then(forget) };
}
