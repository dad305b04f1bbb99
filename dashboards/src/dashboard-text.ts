/** A dashboard as the text of its file: keys in order, so that a difference shows what was changed. */
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

/** JSON with sorted keys; functions of the builder vanish. */
export function dashboardText(dashboard: Dashboard): string {
  return `${JSON.stringify(sorted(JSON.parse(JSON.stringify(dashboard))), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
