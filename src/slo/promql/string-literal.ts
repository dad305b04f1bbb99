/** PromQL's string literals → the text they mean. Source: Prometheus 3.5, util/strutil/quote.go (Go's escapes; backticks are raw). */

const simple: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

const escaped =
  /\\(?:([abfnrtv\\'"])|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-3][0-7]{2})|([\s\S]?))/g;

/** The text of a quoted literal; null when an escape is none, or means a byte that is no character. */
export function stringLiteral(quoted: string): string | null {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith("`")) return inner;
  let isValid = true;
  const text = inner.replace(escaped, (_, letter, byte, short, long, octal) => {
    if (letter !== undefined) return simple[letter] ?? "";
    const code = octal === undefined ? Number.parseInt(byte ?? short ?? long ?? "x", 16) : Number.parseInt(octal, 8);
    const isByte = (byte !== undefined || octal !== undefined) && code > 0x7f;
    if (Number.isNaN(code) || isByte || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      isValid = false;
      return "";
    }
    return String.fromCodePoint(code);
  });
  return isValid ? text : null;
}
