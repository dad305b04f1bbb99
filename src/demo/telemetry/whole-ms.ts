/** Durations as proxies tell them in counters and access logs. */

/** Whole milliseconds between two instants, epoch ms; what is lost of a microsecond in such big numbers does not cost a millisecond. */
export function wholeMs({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }): number {
  return Math.floor(endMs - startMs + 0.0005);
}
