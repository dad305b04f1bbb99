/** How far a backend's clock is from ours, told by the Date of its answer. Used by adapters whose backend has no better clock to ask. */
import type { HttpAnswer } from "./http-client.js";

/** A Date has whole seconds: half a second more is its best guess. */
const halfSecondMs = 500;

/**
 * Ms the sender is ahead of us, give or take half a second and half the call's time; null without a Date.
 * @param nowMs ours when the answer had come
 */
export function dateSkewMs(
  { headers, durationMs }: Pick<HttpAnswer, "headers" | "durationMs">,
  nowMs: number,
): number | null {
  const theirsMs = Date.parse(headers["date"] ?? "");
  return Number.isNaN(theirsMs) ? null : Math.round(theirsMs + halfSecondMs - (nowMs - durationMs / 2));
}
