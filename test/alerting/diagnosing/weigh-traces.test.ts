import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { callerToAsk } from "../../../src/alerting/diagnosing/caller-to-ask.js";
import { oneSpelling } from "../../../src/alerting/diagnosing/one-spelling.js";
import { suspectsOf } from "../../../src/alerting/diagnosing/suspects-of.js";
import { weighTraces } from "../../../src/alerting/diagnosing/weigh-traces.js";
import type { Diagnosis } from "../../../src/diagnosis/diagnosis.js";
import type { WindowEvidence } from "../../../src/diagnosis/incident-evidence.js";

const service = { cluster: "default", namespace: "bookinfo", name: "ratings" };
const caller = { ...service, name: "reviews" };
const traceOf = (id: string, kind: "failing" | "slow" | "other") => ({
  traceId: id,
  spans: () => [{ service, status: kind === "failing" ? "ERROR" : "OK", durationMs: kind === "slow" ? 900 : 5 }],
});
const many = (count: number, prefix: string, kind: "failing" | "slow" | "other") =>
  Array.from({ length: count }, (_, i) => traceOf(`${prefix}${i}`, kind));

describe("the weight of a trace", () => {
  test("chosen failures do not outweigh what the fair sample says of their share", () => {
    const any = [...many(54, "o", "other"), ...many(6, "f", "failing")];
    const weighed = weighTraces(service, {
      any,
      chosen: many(60, "x", "failing"),
      slowMs: null,
      totals: { requestCount: 6_000, failedCount: 600 },
    });
    const sum = (of: (id: string) => boolean) =>
      weighed.filter(({ trace }) => of(trace.traceId)).reduce((total, { weight }) => total + weight, 0);
    expect(sum((id) => !id.startsWith("o"))).toBeCloseTo(600, 6);
    expect(sum((id) => id.startsWith("o"))).toBeCloseTo(5_400, 6);
  });

  test("failures too rare for the sample have the size that was counted", () => {
    const weighed = weighTraces(service, {
      any: many(60, "o", "other"),
      chosen: many(4, "x", "failing"),
      slowMs: 500,
      totals: { requestCount: 10_000, failedCount: 40 },
    });
    expect(weighed.find(({ trace }) => trace.traceId === "x0")?.weight).toBeCloseTo(10, 6);
  });

  test("each trace stands once, with a weight above 0, and together they are no fewer than were sampled fairly", () => {
    const kinds = fc.array(fc.constantFrom("failing" as const, "slow" as const, "other" as const), { maxLength: 40 });
    fc.assert(
      fc.property(kinds, kinds, fc.integer({ min: 0, max: 5_000 }), (any, chosen, requestCount) => {
        const fair = any.map((kind, i) => traceOf(`a${i}`, kind));
        const weighed = weighTraces(service, {
          any: fair,
          chosen: [...fair.slice(0, 3), ...chosen.map((kind, i) => traceOf(`c${i}`, kind))],
          slowMs: 500,
          totals: { requestCount, failedCount: Math.floor(requestCount / 10) },
        });
        expect(weighed).toHaveLength(any.length + chosen.length);
        expect(weighed.every(({ weight }) => weight > 0 && Number.isFinite(weight))).toBe(true);
        expect(weighed.reduce((total, { weight }) => total + weight, 0)).toBeGreaterThanOrEqual(any.length - 1e-6);
      }),
    );
  });
});

describe("whose traces are asked for", () => {
  const edge = (failedCount: number, source = caller) => ({
    source,
    destination: { kind: "SERVICE" as const, service },
    reporter: "SOURCE" as const,
    destinationVersion: null,
    destinationPod: null,
    requestCount: 100,
    failedCount,
    durationSumMs: null,
    flags: [],
    parts: [],
  });
  const windowOf = (failing: number, edges: readonly ReturnType<typeof edge>[]) =>
    ({
      traces: Array.from({ length: 20 }, (_, i) => ({
        weight: 1,
        spans: [{ service, status: i < failing ? "ERROR" : "OK" }],
      })),
      edges,
    }) as unknown as WindowEvidence;

  test("the caller with most failures, where they never reached the service", () => {
    const other = { ...service, name: "details" };
    expect(callerToAsk(service, windowOf(0, [edge(10), edge(50, other)]))).toEqual(other);
  });

  test("nobody else where its own traces show them, or nothing fails", () => {
    expect(callerToAsk(service, windowOf(10, [edge(50)]))).toBeNull();
    expect(callerToAsk(service, windowOf(0, [edge(2)]))).toBeNull();
    expect(callerToAsk(service, { ...windowOf(0, [edge(50)]), traces: null })).toBeNull();
  });
});

test("a service that traces and metrics put into clusters of different names is one; two of a name stay two", () => {
  const inMetrics = { ...service, cluster: "Kubernetes" };
  expect(oneSpelling([inMetrics])(service)).toEqual(inMetrics);
  const both = oneSpelling([inMetrics, { ...service, cluster: "west" }]);
  expect(both(service)).toEqual(service);
  expect(both(inMetrics)).toEqual(inMetrics);
});

test("suspects of an incident have their share of what was bad, and more than one kind of evidence makes them strong", () => {
  const reason = (kind: "ERRORS" | "CHANGE", sentence = "It failed.") => ({ kind, sentence, numbers: {} });
  const suspect = { service, grade: "LIKELY", score: 15, reasons: [reason("ERRORS", "token=hunter2 leaked.")] };
  const diagnosis = {
    incident: { badRatio: 0.2 },
    suspects: [
      suspect,
      { ...suspect, reasons: [reason("ERRORS"), reason("CHANGE")] },
      { ...suspect, grade: "POSSIBLE" },
    ],
  } as unknown as Diagnosis;
  const found = suspectsOf(diagnosis);
  expect(found.map(({ grade }) => grade)).toEqual(["LIKELY", "STRONG", "POSSIBLE"]);
  expect(found[0]?.score).toBeCloseTo(0.75, 9);
  expect(suspectsOf({ ...diagnosis, incident: { ...diagnosis.incident, badRatio: 0 } })[0]?.score).toBe(1);
  expect(JSON.stringify(found)).not.toContain("hunter2");
});
