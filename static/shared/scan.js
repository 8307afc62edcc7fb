/**
 * Reading QR codes: by the browser's own BarcodeDetector where there is one, else by jsQR, which is loaded
 * when first needed and kept on the phone.
 */

const JSQR = new URL("../vendor/jsqr/jsQR.js", import.meta.url);
/** A camera's picture is read at most this large, px; a photo at these sizes, one after the other. */
const FRAME_PX = 720;
const PHOTO_PX = [1000, 1800, 500];
const PAUSE_MS = 150;

/** @type {Promise<(picture: HTMLCanvasElement) => Promise<string>> | null} */
let reader = null;

/** @returns {Promise<(picture: HTMLCanvasElement) => Promise<string>>} gives a code's text, "" where there is none */
function prepared() {
  reader ??= native().then((found) => found ?? library());
  return reader;
}

async function native() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  if (!Detector || !(await Detector.getSupportedFormats().catch(() => [])).includes("qr_code")) return null;
  const detector = new Detector({ formats: ["qr_code"] });
  return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? "";
}

async function library() {
  // It is no module: it leaves its name in the window.
  await import(JSQR.href);
  return async (picture) => {
    const { data, width, height } = picture.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, picture.width, picture.height);
    return /** @type {any} */ (globalThis).jsQR(data, width, height)?.data ?? "";
  };
}

/** @param {CanvasImageSource & {width: number, height: number}} source @param {number} longest */
function drawn(source, width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) });
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {File | Blob} file @returns {Promise<string>} the code's text, "" where there is none */
export async function readPhoto(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const read = await prepared();
  try {
    for (const longest of PHOTO_PX) {
      const text = await read(drawn(picture, picture.width, picture.height, longest));
      if (text) return text;
    }
    return "";
  } finally {
    picture.close();
  }
}

/** Whether there may be a camera to ask for. */
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/**
 * Look through the camera until a code is seen.
 * @param {HTMLVideoElement} video @param {(text: string) => void} onText
 * @returns {Promise<() => void>} stops looking and gives the camera back
 */
export async function watch(video, onText) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  let isOver = false;
  const stop = () => {
    isOver = true;
    for (const track of stream.getTracks()) track.stop();
  };
  video.srcObject = stream;
  await video.play();
  const read = await prepared();
  const look = async () => {
    if (isOver) return;
    const text = video.videoWidth ? await read(drawn(/** @type {any} */ (video), video.videoWidth, video.videoHeight, FRAME_PX)).catch(() => "") : "";
    if (text && !isOver) return stop(), onText(text);
    setTimeout(look, PAUSE_MS);
    return undefined;
  };
  look();
  return stop;
}
