/** The Retry-After header of a 429 or 503. Source: RFC 9110 section 10.2.3. */

const defaultPauseMs = 1_000;
const longestPauseMs = 300_000;

/**
 * How long a backend asks to be left alone.
 * @param header seconds or an HTTP date; absent or nonsense counts as one second
 * @returns ms, 0 to 5 minutes: a longer wish is cut so that a wrong clock cannot silence a source
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return defaultPauseMs;
  const text = header.trim();
  const wish = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(wish) ? defaultPauseMs : Math.min(Math.max(wish, 0), longestPauseMs);
}
