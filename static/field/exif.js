/**
 * What a camera wrote beside a photo (EXIF: place and time) goes along when the photo is shrunk: the
 * desk compares it with the report, and the server strips it from what it keeps. Pure.
 */

const ORIENTATION = 0x0112;

/** The EXIF segment of a JPEG, marker and all, upright; null where there is none. @param {Uint8Array} bytes the file's beginning */
export function exifOf(bytes) {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  for (let at = 2; at + 10 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    if (marker === 0xda || length < 2) return null;
    const isExif = marker === 0xe1 && String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === "Exif";
    if (isExif && at + 2 + length <= bytes.length) return upright(bytes.slice(at, at + 2 + length));
    at += 2 + length;
  }
  return null;
}

/** Put an EXIF segment into a JPEG that has none. @param {ArrayBuffer} jpeg @param {Uint8Array | null} segment @returns {ArrayBuffer} */
export function withExif(jpeg, segment) {
  if (!segment) return jpeg;
  const given = new Uint8Array(jpeg);
  const made = new Uint8Array(given.length + segment.length);
  made.set(given.subarray(0, 2));
  made.set(segment, 2);
  made.set(given.subarray(2), 2 + segment.length);
  return made.buffer;
}

/** The shrunk picture stands upright already: say so. @param {Uint8Array} segment */
function upright(segment) {
  const tiff = new DataView(segment.buffer, segment.byteOffset + 10, segment.length - 10);
  if (tiff.byteLength < 8) return null;
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  if (first + 2 > tiff.byteLength) return null;
  const count = tiff.getUint16(first, little);
  for (let entry = first + 2, n = 0; n < count && entry + 12 <= tiff.byteLength; entry += 12, n += 1) {
    if (tiff.getUint16(entry, little) === ORIENTATION) tiff.setUint16(entry + 8, 1, little);
  }
  return segment;
}
