/** Small words of health and changes: counts, lengths of time. */

/** `1 pod`, `3 pods`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A length as people say it: `250 ms`, `1.5 s`, `12 min`, `3 h`. */
export function lengthInWords(lengthMs: number): string {
  if (lengthMs < 1_000) return `${rounded(lengthMs)} ms`;
  if (lengthMs < 120_000) return `${rounded(lengthMs / 1_000)} s`;
  if (lengthMs < 7_200_000) return `${rounded(lengthMs / 60_000)} min`;
  if (lengthMs < 172_800_000) return `${rounded(lengthMs / 3_600_000)} h`;
  return `${rounded(lengthMs / 86_400_000)} d`;
}

/** How long ago, in whole units. */
export function ago(atMs: number, nowMs: number): string {
  const lengthMs = Math.max(0, nowMs - atMs);
  if (lengthMs < 120_000) return `${Math.round(lengthMs / 1_000)} s ago`;
  if (lengthMs < 7_200_000) return `${Math.round(lengthMs / 60_000)} min ago`;
  return `${Math.round(lengthMs / 3_600_000)} h ago`;
}

/** One line of a text others wrote, cut at `limit` characters. */
export function oneLine(text: string, limit = 300): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

function rounded(value: number): string {
  return String(Math.round(value * 1_000) / 1_000);
}
