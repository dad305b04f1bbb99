/**
 * Strikes what may be secret or personal out of text of others before it is kept: passwords and tokens by their names and shapes,
 * credentials in URLs, e-mail and public IP addresses, card numbers. What it cannot know by its looks stays; docs/reference/slack.md says so.
 */

const struck = "[redacted]";
/** Longer text is cut before: nobody reads it whole, and patterns must not run over megabytes. */
const mostChars = 4_000;

const secretName =
  "(?:[a-z0-9_.-]{0,40}(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization|cookie|session(?:[_-]?id)?))";
const rules: readonly (readonly [RegExp, string | ((...found: string[]) => string)])[] = [
  [/-----BEGIN [A-Z ]{1,40}-----[\s\S]*?(?:-----END [A-Z ]{1,40}-----|$)/g, struck],
  [/\b(Bearer|Basic|Digest|Negotiate)\s+[\w.~+/=-]{6,}/gi, `$1 ${struck}`],
  [new RegExp(`("?${secretName}"?\\s*[:=]\\s*)(?:"[^"]*"?|'[^']*'?|[^\\s,;&"'})\\]]+)`, "gi"), `$1${struck}`],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,200}@/gi, `$1${struck}@`],
  [/\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g, struck],
  [
    /\b(?:xox[a-z]-[\w-]{8,}|gh[a-z]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|AKIA[A-Z0-9]{12,}|sk-[\w-]{16,})/g,
    struck,
  ],
  // Patterns have a star where digits were.
  [/[\w.%+*-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi, "[email]"],
  [/\b\d(?:[ -]?\d){12,18}\b/g, (digits) => (isCardNumber(digits) ? struck : digits)],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, (address) => (isPrivate(address) ? address : "[ip]")],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])/gi, "[ip]"],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){2,6}:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4}(?![\w:])/gi, "[ip]"],
  // Trace ids (32) and UUIDs stay: they lead to the evidence.
  [/\b[0-9a-f]{40,}\b/gi, struck],
  [/[A-Za-z0-9+/_-]{40,}={0,2}/g, (text) => (isKeyLike(text) ? struck : text)],
];

/** The text, at most 4,000 characters of it, with what was found struck out. */
export function redact(text: string): string {
  return rules.reduce<string>(
    (kept, [pattern, by]) => (typeof by === "string" ? kept.replace(pattern, by) : kept.replace(pattern, by)),
    text.slice(0, mostChars),
  );
}

function isPrivate(address: string): boolean {
  const [a = 0, b = 0] = address.split(".").map(Number);
  return a === 10 || a === 127 || a === 0 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
}

/** Letters of both cases and digits mixed: no path, no name. */
function isKeyLike(text: string): boolean {
  return (
    /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && (text.match(/[/_-]/g)?.length ?? 0) < text.length / 8
  );
}

/** Luhn's check digit. */
function isCardNumber(text: string): boolean {
  const digits = [...text.replace(/\D/g, "")].reverse().map(Number);
  const sum = digits.reduce((total, digit, at) => {
    const twice = at % 2 === 0 ? digit : digit * 2;
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}
