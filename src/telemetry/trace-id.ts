/** Trace and span ids in their many spellings: 64 or 128 bit, upper case, with dashes, without leading zeros. */

const hex = /^[0-9a-f]{1,32}$/;

/**
 * The one form ids are compared in: 32 lower-case hex digits, left-padded.
 * @returns null for text that is no trace id (not hex, longer than 32 digits, all zeros)
 */
export function normaliseTraceId(text: string): string | null {
  const id = text.trim().toLowerCase().replaceAll("-", "");
  if (!hex.test(id) || /^0*$/.test(id)) return null;
  return id.padStart(32, "0");
}

/** The spellings a backend or log line may hold for a normalised id: padded, 64 bit, without leading zeros; each once. */
export function traceIdSpellings(traceId: string): readonly string[] {
  const spellings = new Set([traceId]);
  if (traceId.startsWith("0".repeat(16))) spellings.add(traceId.slice(16));
  spellings.add(traceId.replace(/^0+/, ""));
  return [...spellings];
}

/** The distinct normalised ids among `texts`, in their order; texts that are no trace ids are left out, because no trace has them. */
export function uniqueTraceIds(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map(normaliseTraceId).filter((id) => id !== null))];
}
