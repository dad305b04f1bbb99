/** Puts a made-up fault of one service into recorded traces: real background noise, another culprit each time. Called by cross-check.ts. */

import type { Random } from "../../src/demo/simulation/random.js";
import type { OwnedSpan, WeightedTrace } from "../../src/diagnosis/incident-evidence.js";

/** What is done to a service. */
export interface MadeFault {
  readonly service: string;
  /** DELAY waits before its work, NETWORK in and out, CPU stretches its own work, ERROR fails one operation, EXCEPTION some of its calls. */
  readonly kind: "DELAY" | "NETWORK" | "CPU" | "ERROR" | "EXCEPTION";
  readonly delayMs: number;
  /** Share of the calls it befalls. */
  readonly share: number;
}

/** The traces with the fault in them. */
export function inject(traces: readonly WeightedTrace[], fault: MadeFault, random: Random): readonly WeightedTrace[] {
  const operations = new Set<string>();
  for (const { spans } of traces) for (const span of spans) if (isServed(span, fault)) operations.add(span.operation);
  const chosen = [...operations][Math.floor(random.next() * operations.size)];
  return traces.map((trace) => ({ ...trace, spans: injectInto(trace.spans, fault, chosen, random) }));
}

function isServed(span: OwnedSpan, fault: MadeFault): boolean {
  return span.service?.name === fault.service && span.kind === "SERVER";
}

function injectInto(
  spans: readonly OwnedSpan[],
  fault: MadeFault,
  chosen: string | undefined,
  random: Random,
): readonly OwnedSpan[] {
  if (!spans.some((span) => isServed(span, fault))) return spans;
  if (fault.kind === "ERROR" || fault.kind === "EXCEPTION") return fail(spans, fault, chosen, random);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const holes: { atMs: number; ms: number }[] = [];
  for (const span of spans) {
    if (isServed(span, fault) && random.next() < fault.share) {
      const ms = fault.delayMs * (0.7 + 0.6 * random.next());
      // Just before the span: on the way. Just behind its start: at work.
      holes.push({ atMs: fault.kind === "CPU" ? span.startMs + 0.0005 : span.startMs - 0.0005, ms });
      if (fault.kind === "NETWORK") continue;
    }
    if (fault.kind !== "NETWORK") continue;
    const parent = byId.get(span.parentSpanId ?? "");
    const isCallOut = span.kind === "SERVER" && parent?.service?.name === fault.service && parent.kind === "CLIENT";
    if (isCallOut) holes.push({ atMs: span.startMs - 0.0005, ms: fault.delayMs });
  }
  holes.sort((a, b) => b.atMs - a.atMs);
  let result = spans;
  for (const { atMs, ms } of holes)
    result = result.map((span) => {
      if (span.startMs > atMs) return { ...span, startMs: span.startMs + ms };
      return span.startMs + span.durationMs > atMs ? { ...span, durationMs: span.durationMs + ms } : span;
    });
  return result;
}

function fail(
  spans: readonly OwnedSpan[],
  fault: MadeFault,
  chosen: string | undefined,
  random: Random,
): readonly OwnedSpan[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const failed = new Set<string>();
  for (const span of spans) {
    if (!isServed(span, fault) || (fault.kind === "ERROR" && span.operation !== chosen)) continue;
    if (random.next() >= fault.share) continue;
    failed.add(span.spanId);
    // Callers often swallow it.
    for (
      let up = byId.get(span.parentSpanId ?? "");
      up !== undefined && random.next() < 0.6;
      up = byId.get(up.parentSpanId ?? "")
    )
      failed.add(up.spanId);
  }
  return spans.map((span) => (failed.has(span.spanId) ? { ...span, status: "ERROR" as const } : span));
}
