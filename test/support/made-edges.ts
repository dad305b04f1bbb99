/** Counted calls between services of made-traces.ts, for tests of what proxies tell. */
import type { EdgeMeasure } from "../../src/diagnosis/incident-evidence.js";
import { refOf } from "./made-traces.js";

/** Calls of one edge as the caller's proxy counted them, without times; `source` null: callers outside the mesh. */
export function countedEdge(
  source: string | null,
  destination: string,
  requestCount: number,
  failedCount: number,
): EdgeMeasure {
  return {
    source: source === null ? null : refOf(source),
    destination: { kind: "SERVICE", service: refOf(destination) },
    reporter: "SOURCE",
    destinationVersion: null,
    destinationPod: null,
    requestCount,
    failedCount,
    durationSumMs: null,
    flags: [],
    parts: [],
  };
}
