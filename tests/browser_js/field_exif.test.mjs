import assert from "node:assert/strict";
import { test } from "node:test";

import { exifOf, withExif } from "../../static/field/exif.js";

/** A JPEG's beginning with one EXIF tag: orientation 6, little or big endian. */
function camera({ little = true, orientation = 6 } = {}) {
  const tiff = new DataView(new ArrayBuffer(26));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 1, little);
  tiff.setUint16(10, 0x0112, little);
  tiff.setUint16(12, 3, little);
  tiff.setUint32(14, 1, little);
  tiff.setUint16(18, orientation, little);
  const body = [...new TextEncoder().encode("Exif"), 0, 0, ...new Uint8Array(tiff.buffer)];
  const app0 = [0xff, 0xe0, 0, 4, 1, 2];
  return Uint8Array.from([0xff, 0xd8, ...app0, 0xff, 0xe1, 0, body.length + 2, ...body, 0xff, 0xda, 0, 2]);
}

for (const little of [true, false]) {
  test(`the camera's segment goes along, upright (little endian: ${little})`, () => {
    const segment = exifOf(camera({ little }));
    assert.equal(segment[1], 0xe1);
    assert.equal(new DataView(segment.buffer).getUint16(10 + 18, little), 1);
    const shrunk = Uint8Array.from([0xff, 0xd8, 0xff, 0xdb, 0, 3, 9]).buffer;
    const made = new Uint8Array(withExif(shrunk, segment));
    assert.deepEqual([...made.slice(0, 4)], [0xff, 0xd8, 0xff, 0xe1]);
    assert.deepEqual([...made.slice(-5)], [0xff, 0xdb, 0, 3, 9]);
    assert.deepEqual([...exifOf(made)], [...segment]);
  });
}

test("what is no JPEG, has no EXIF, or is cut short brings nothing along", () => {
  const whole = camera();
  for (let length = 0; length < whole.length - 4; length += 1) exifOf(whole.slice(0, length)); // never throws
  assert.equal(exifOf(Uint8Array.from([0x89, 0x50, 0x4e, 0x47])), null);
  assert.equal(exifOf(Uint8Array.from([0xff, 0xd8, 0xff, 0xda, 0, 2])), null);
  assert.equal(exifOf(whole.slice(0, 30)), null);
  const bare = Uint8Array.from([0xff, 0xd8, 0xff, 0xd9]).buffer;
  assert.equal(withExif(bare, null), bare);
});
