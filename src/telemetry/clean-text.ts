/** Untrusted text made harmless before any markup: bounded, well-formed, without characters that move, hide or reverse text. */

/** Anything that is written but not seen, or turns the direction of writing; joiners of scripts and emoji stay. */
const invisible = /(?![\u200c\u200d])[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** More marks on one letter than any script has. */
const piledMarks = /(\p{M}{4})\p{M}+/gu;
const ellipsis = "…";

/** On one line, blanks folded, trimmed, whole characters only; at most `mostChars` UTF-16 units with `…` at the end where it was cut. */
export function cleanLine(text: string, mostChars: number): string {
  return cut(harmless(bounded(text, mostChars)).replace(/\s+/gu, " ").trim(), mostChars);
}

/** The same with its lines kept; tabs become two blanks. */
export function cleanLines(text: string, mostChars: number): string {
  const unix = bounded(text, mostChars)
    .replace(/\r\n?|[\u2028\u2029]/gu, "\n")
    .replaceAll("\t", "  ");
  const lines = unix.split("\n").map((line) => harmless(line).trimEnd());
  return cut(
    lines
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .replace(/^\n+|\n+$/g, ""),
    mostChars,
  );
}

/** Cuts between characters so that `lengthOf` summed over them stays within the limit. */
export function cut(
  text: string,
  mostChars: number,
  lengthOf: (char: string) => number = (char) => char.length,
): string {
  let kept = "";
  let keptBeforeEllipsis = "";
  let length = 0;
  for (const char of text) {
    length += lengthOf(char);
    if (length > mostChars) return `${keptBeforeEllipsis.trimEnd()}${mostChars > 0 ? ellipsis : ""}`;
    kept += char;
    if (length < mostChars) keptBeforeEllipsis = kept;
  }
  return kept;
}

/** A line of a megabyte is not worth reading to its end: what is looked at is a few times what can be shown. */
function bounded(text: string, mostChars: number): string {
  return text.length > 4 * mostChars + 64 ? `${text.slice(0, 4 * mostChars + 64)}${ellipsis}` : text;
}

function harmless(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(invisible, "")
    .replace(piledMarks, "$1");
}
