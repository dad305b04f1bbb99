/** What dashboard variables and Grafana's clock mean: read by the GraphQL scalars of the `grafana` root. Pure. */

/** How Grafana writes "no choice": an empty variable, its text, our `allValue`, a match of everything, its own constant. */
const noChoice: ReadonlySet<string> = new Set(["", "All", ".*", ".+", "$__all"]);

/** The value of a variable, percent-decoded; null for no choice. Text that is not percent-encoded is taken as it is. */
export function readChoice(text: string): string | null {
  const value = decoded(text);
  return noChoice.has(value) ? null : value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Epoch ms as text; null for anything else. */
export function readEpochMs(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
