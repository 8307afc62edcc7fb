/**
 * Verifying a household's voucher on the phone alone, with the public key it got when there last was a network.
 *
 * The text is `<payload>.<signature>`, both base64url; the payload a JSON array of id, number, masked name,
 * area, village, programme, goods, last day; the signature ECDSA P-256 over SHA-256, as WebCrypto reads it.
 * The server's half is disaster/relief/receipts/voucher_code.py.
 */

/** @typedef {{id: string, number: string, name: string, area: string, village: string, programme: string, goods: Record<string, number>, until: string}} Voucher */

const NAMES = ["id", "number", "name", "area", "village", "programme", "goods", "until"];

/**
 * @param {string} value  what the code says after its kind
 * @param {string} key  SubjectPublicKeyInfo in base64
 * @returns {Promise<Voucher | null>} null for what was not signed by the holder of the key
 */
export async function verified(value, key) {
  try {
    const [said, signed] = value.split(".").map(bytes);
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const known = await crypto.subtle.importKey("spki", bytes(key), algorithm, false, ["verify"]);
    if (!(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, known, signed, said))) return null;
    const fields = JSON.parse(new TextDecoder().decode(said));
    return /** @type {any} */ (Object.fromEntries(NAMES.map((name, at) => [name, fields[at]])));
  } catch {
    return null;
  }
}

/** Whether this phone can verify at all: WebCrypto is given to secure pages only. */
export const canVerify = () => Boolean(globalThis.crypto?.subtle);

/** @param {string} text base64 or base64url */
function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}
