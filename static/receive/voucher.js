/**
 * Verifying a household's voucher on the phone alone, with the public keys it got when there last was a network.
 *
 * The text is `<payload>.<signature>`, both base64url; the payload a JSON array of id, number, masked name,
 * area, village, programme, goods, last day, number of the key; the signature ECDSA P-256 over SHA-256, as WebCrypto reads it.
 * The server's half is disaster/relief/receipts/voucher_code.py.
 */

/** @typedef {{id: string, number: string, name: string, area: string, village: string, programme: string, goods: Record<string, number>, until: string, key?: number}} Voucher */

const NAMES = ["id", "number", "name", "area", "village", "programme", "goods", "until", "key"];

/**
 * @param {string} value  what the code says after its kind
 * @param {{number: number, key: string, void: boolean}[]} keys  SubjectPublicKeyInfo in base64; void where it has leaked
 * @returns {Promise<{state: "good" | "void" | "unknown" | "forged", voucher: Voucher | null}>} unknown where this phone
 *   has not got the key yet: nothing is proved either way
 */
export async function verified(value, keys) {
  try {
    const [said, signed] = value.split(".").map(bytes);
    const fields = JSON.parse(new TextDecoder().decode(said));
    const voucher = /** @type {any} */ (Object.fromEntries(NAMES.map((name, at) => [name, fields[at]])));
    const known = keys.find(({ number }) => number === (voucher.key ?? 0));
    if (!known) return { state: "unknown", voucher: null };
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("spki", bytes(known.key), algorithm, false, ["verify"]);
    if (!(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signed, said))) return { state: "forged", voucher: null };
    return { state: known.void ? "void" : "good", voucher };
  } catch {
    return { state: "forged", voucher: null };
  }
}

/** Whether this phone can verify at all: WebCrypto is given to secure pages only. */
export const canVerify = () => Boolean(globalThis.crypto?.subtle);

/** @param {string} text base64 or base64url */
function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}
