/**
 * What our QR codes say: one line of plain text, so that it is read with no network.
 *
 *     ZQ1:T:<token>                 a lorry's trip
 *     ZQ1:D:<document UUID>         one paper
 *     ZQ1:V:<payload>.<signature>   a household's voucher
 *
 * The server's half, with what each part means, is disaster/relief/receipts/codes.py.
 */

export const TRIP = "T";
export const DOCUMENT = "D";
export const VOUCHER = "V";

const FORM = /^ZQ1:([TDV]):([\w.~-]{1,1000})$/;

/** @param {string} text @returns {{kind: "T" | "D" | "V", value: string} | null} null for what is not ours */
export function read(text) {
  const [, kind, value] = FORM.exec(text.trim()) ?? [];
  return kind ? { kind: /** @type {any} */ (kind), value } : null;
}
