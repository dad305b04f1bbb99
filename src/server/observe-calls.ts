/** One observer of upstream calls for both self-metrics and spans; compose gives it to every HTTP client. */
import type { HttpObserver } from "../http/http-client.js";
import type { SelfMetrics } from "./self-metrics.js";
import type { Tracing } from "./tracing.js";

/** Counts and times each call and puts a span around it. */
export function observeCalls(metrics: SelfMetrics, tracing: Tracing): HttpObserver {
  return {
    start({ source, operation }) {
      const startMs = performance.now();
      const span = tracing.startCall({ source, operation });
      metrics.callStarted(source);
      return {
        headers: span.headers,
        end(outcome) {
          const durationMs = performance.now() - startMs;
          metrics.callEnded({ source, operation, durationMs, errorCode: outcome.errorCode, bytes: outcome.bytes });
          span.end(outcome);
        },
      };
    },
  };
}
