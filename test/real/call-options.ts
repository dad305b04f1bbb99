/** Terms of a call to a real server: generous, because two cores run six of them. */
import type { CallOptions } from "../../src/telemetry/source.js";

/** Twenty seconds from now. */
export function callOptions(): CallOptions {
  return { signal: AbortSignal.timeout(20_000), deadlineMs: Date.now() + 20_000 };
}
