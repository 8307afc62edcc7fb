/** What goes along with a signature: where it was given, and a photo small enough for a bad line. */

const PATIENCE_MS = 8_000;
const LONGEST_PX = 1280;
const LARGEST_BYTES = 250_000;

/** @returns {Promise<{lon?: number, lat?: number, accuracy_m?: number}>} WGS-84; empty where the phone does not say */
export function locate() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve({});
    const timer = setTimeout(() => resolve({}), PATIENCE_MS);
    const done = (answer) => (clearTimeout(timer), resolve(answer));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
      () => done({}),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
    return undefined;
  });
}

/** @param {File} file @returns {Promise<ArrayBuffer>} a JPEG without what the camera wrote */
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of [0.8, 0.65, 0.5, 0.35]) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && (blob.size <= LARGEST_BYTES || quality === 0.35)) return blob.arrayBuffer();
  }
  throw new Error("no picture");
}

/** @param {ArrayBuffer} bytes */
export function base64(bytes) {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}
