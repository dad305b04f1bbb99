/** About how wide text is in DejaVu Sans: generous, so that boxes are never too narrow. Pure. */

const narrow = /[ilj.,:;'|!I()[\] ftr/]/;
const wide = /[mwMW%@—…]/;

/** In pixels at a font size. */
export function textWidth(text: string, size: number, isBold = false): number {
  let ems = 0;
  for (const char of text) {
    if (narrow.test(char)) ems += 0.4;
    else if (wide.test(char)) ems += 0.98;
    else if ((char.codePointAt(0) ?? 0) > 0x2e7f) ems += 1.05;
    else ems += /[A-Z]/.test(char) ? 0.72 : 0.635;
  }
  return ems * size * (isBold ? 1.1 : 1);
}
