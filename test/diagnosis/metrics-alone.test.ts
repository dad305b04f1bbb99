import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { EdgeMeasure, WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import { madeEvidence, refOf } from "../support/made-traces.js";

interface Edge {
  readonly from: string | null;
  readonly to: string;
  readonly count: number;
  readonly failed?: number;
  /** Mean, at the caller and at the server. */
  readonly callerMs: number;
  readonly serverMs: number;
  readonly flags?: EdgeMeasure["flags"];
}

const usual: readonly Edge[] = [
  { from: null, to: "gateway", count: 1000, callerMs: 42, serverMs: 41 },
  { from: "gateway", to: "orders", count: 600, callerMs: 31, serverMs: 30 },
  { from: "gateway", to: "search", count: 400, callerMs: 21, serverMs: 20 },
  { from: "orders", to: "stock", count: 600, callerMs: 11, serverMs: 10 },
  { from: "search", to: "stock", count: 400, callerMs: 11, serverMs: 10 },
  { from: "search", to: "reviews", count: 400, failed: 80, callerMs: 3, serverMs: 2 },
];

function metrics(
  fromMs: number,
  changed: Readonly<Record<string, Partial<Edge>>> = {},
  reporters = ["SOURCE", "DESTINATION"] as const,
): WindowEvidence {
  const edges = usual.flatMap((edge) => {
    const {
      from,
      to,
      count,
      failed = 0,
      callerMs,
      serverMs,
      flags = [],
    } = { ...edge, ...changed[`${edge.from ?? ""}>${edge.to}`] };
    return reporters.map(
      (reporter): EdgeMeasure => ({
        source: from === null ? null : refOf(from),
        destination: to.includes(".") ? { kind: "EXTERNAL", host: to } : { kind: "SERVICE", service: refOf(to) },
        reporter,
        requestCount: count,
        failedCount: failed,
        durationSumMs: count * (reporter === "SOURCE" ? callerMs : serverMs),
        destinationVersion: null,
        destinationPod: null,
        flags,
        parts: [],
      }),
    );
  });
  return {
    window: { fromMs, toMs: fromMs + 60_000 },
    traces: null,
    edges,
    errorLogs: null,
    traceLines: null,
    workloads: null,
  };
}

const before = [metrics(0), metrics(100_000), metrics(200_000)];

describe("metrics alone", () => {
  test("name the service that fails by its own fault, not its victims nor those that always fail", () => {
    const failing = { ">gateway": { failed: 300 }, "gateway>orders": { failed: 300 }, "orders>stock": { failed: 300 } };
    const diagnosis = diagnose(madeEvidence(metrics(600_000, failing), before));
    expect(diagnosis.suspects.map(({ service }) => service.name)).toEqual(["stock"]);
    expect(diagnosis.suspects[0]).toMatchObject({ grade: "LIKELY" });
    expect(diagnosis.suspects[0]?.reasons[0]?.sentence).toContain("stock failed by itself in 300 of 1,000 calls");
    expect(diagnosis.missing).toContainEqual(expect.objectContaining({ pillar: "TRACES" }));
  });

  test("do not take a service whose callers gave up waiting for the cause, unless a rule delays whom it calls", () => {
    const flags = [{ flag: "DC", count: 300 }];
    const waited = { ">gateway": { failed: 300, flags } };
    const alone = diagnose(madeEvidence(metrics(600_000, waited), before));
    expect(alone.suspects[0]).toMatchObject({ service: refOf("gateway"), grade: "POSSIBLE" });
    expect(alone.suspects[0]?.reasons[0]?.sentence).toBe(
      "Callers of gateway gave up waiting in 300 of 1,000 calls, 0 expected: it was slow, or whom it called.",
    );
    const delayed = { ...waited, "search>stock": { flags: [{ flag: "DI", count: 200 }] } };
    const ruled = diagnose(madeEvidence(metrics(600_000, delayed), before));
    expect(ruled.suspects[0]).toMatchObject({ service: refOf("stock"), grade: "LIKELY", part: { kind: "RULE" } });
  });

  test("find a delay on the way at the end all whose callers wait", () => {
    const slow = {
      "orders>stock": { callerMs: 500 },
      "search>stock": { callerMs: 500 },
      "gateway>orders": { callerMs: 520, serverMs: 519 },
      "gateway>search": { callerMs: 511, serverMs: 510 },
      ">gateway": { callerMs: 530, serverMs: 529 },
    };
    const diagnosis = diagnose(madeEvidence(metrics(600_000, slow), before));
    expect(diagnosis.suspects[0]?.service).toEqual(refOf("stock"));
    expect(diagnosis.suspects[0]?.reasons[0]?.sentence).toMatch(/The way from (orders|search) to stock takes longer/);
  });

  test("say that the way is not seen where only servers report", () => {
    const only = ["DESTINATION"] as const;
    const windows = [0, 100_000].map((fromMs) => metrics(fromMs, {}, only as never));
    const diagnosis = diagnose(
      madeEvidence(metrics(600_000, { "orders>stock": { failed: 300 } }, only as never), windows),
    );
    expect(diagnosis.suspects[0]?.service).toEqual(refOf("stock"));
    expect(diagnosis.missing.map(({ message }) => message).join(" ")).toContain(
      "Only the servers' proxies report metrics",
    );
  });

  test("name the rule where calls carry the flag of an injected fault", () => {
    const aborted = { "orders>stock": { failed: 300, flags: [{ flag: "FI", count: 300 }] } };
    expect(diagnose(madeEvidence(metrics(600_000, aborted), before)).suspects[0]).toMatchObject({
      service: refOf("stock"),
      part: { kind: "RULE", name: "fault injection on calls to stock" },
    });
  });

  test("call nobody likely whose time was made of few long calls before too: chance alone makes it as long again", () => {
    const heavy = (serverMs: number) => ({ "orders>stock": { callerMs: serverMs + 1, serverMs } });
    const windows = [0, 100_000, 200_000].map((fromMs) => metrics(fromMs, heavy(12)));
    const diagnosis = diagnose(madeEvidence(metrics(600_000, heavy(26)), windows));
    expect(diagnosis.suspects[0]).toMatchObject({ service: refOf("stock"), grade: "POSSIBLE" });
    const sick = diagnose(madeEvidence(metrics(600_000, heavy(200)), windows));
    expect(sick.suspects[0]).toMatchObject({ service: refOf("stock"), grade: "LIKELY" });
  });

  test("name nobody where nothing changed", () => {
    expect(diagnose(madeEvidence(metrics(600_000), before)).suspects).toEqual([]);
  });
});
