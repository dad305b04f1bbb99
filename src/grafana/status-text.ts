/** The status column: how whole an answer is, in words. Grafana shows no GraphQL errors, so every row carries it. */
import type { SourceState, SourceStatus } from "../telemetry/source.js";

const fine: ReadonlySet<SourceState> = new Set(["OK", "NOT_CONFIGURED"]);

/** `OK`, or each source that is not fine with its state and message. */
export function statusText(sources: readonly Pick<SourceStatus, "name" | "state" | "message">[]): string {
  const ill = sources.filter(({ state }) => !fine.has(state));
  if (ill.length === 0) return "OK";
  return ill.map(({ name, state, message }) => `${name} ${state}${message === null ? "" : `: ${message}`}`).join("; ");
}
