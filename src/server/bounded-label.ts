/** Keeps a metric label from growing without end: names come from requests, series are for ever. Used by self-metrics. */

/** Passes the first `limit` different values through and calls every later one `other`. */
export function createBoundedLabel(limit: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= limit) return "other";
    seen.add(value);
    return value;
  };
}
