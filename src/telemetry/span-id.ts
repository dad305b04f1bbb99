/** Span ids in their many spellings. Called by the decoders of trace and log sources. */

/**
 * The one form span ids are compared in: 16 lower-case hex digits, left-padded.
 * @returns null for text that is no span id (not hex, longer than 16 digits, all zeros)
 */
export function normaliseSpanId(text: string): string | null {
  const id = text.trim().toLowerCase();
  return /^[0-9a-f]{1,16}$/.test(id) && !/^0*$/.test(id) ? id.padStart(16, "0") : null;
}
