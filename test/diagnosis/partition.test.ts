import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { OwnedSpan, WeightedTrace } from "../../src/diagnosis/incident-evidence.js";
import { type KeyBook, requestsOf } from "../../src/diagnosis/partition.js";
import type { Request } from "../../src/diagnosis/request.js";
import { type MadeCall, madeTrace, refOf } from "../support/made-traces.js";

function only(trace: WeightedTrace, service = "gateway"): Request {
  const book: KeyBook = new Map();
  const [request, ...others] = requestsOf(trace, refOf(service), book);
  expect(others).toEqual([]);
  if (request === undefined) throw new Error("there is no request");
  return request;
}

function timesOf({ pieces }: Request): Record<string, number> {
  const short = (key: string | null) => key?.split("\u0000")[2] ?? "";
  return Object.fromEntries(
    pieces.map(({ kind, service, peer, name, ms }) => [
      kind === "TRANSIT"
        ? `${short(service)} to ${short(peer)}`
        : `${short(service)} ${kind === "SELF" ? "itself" : name}`,
      Math.round(ms * 1000) / 1000,
    ]),
  );
}

const chain = (more: Partial<MadeCall> = {}): MadeCall => ({
  service: "gateway",
  calls: [{ service: "orders", wayMs: 2, selfMs: 7, calls: [{ service: "stock", wayMs: 3, selfMs: 4, ...more }] }],
});

const callTree: fc.Arbitrary<MadeCall> = fc.letrec<{ call: MadeCall }>((tie) => ({
  call: fc.record(
    {
      service: fc.constantFrom("gateway", "orders", "stock", "prices"),
      wayMs: fc.integer({ min: 0, max: 50 }),
      selfMs: fc.integer({ min: 0, max: 100 }),
      calls: fc.array(tie("call"), { maxLength: 3 }),
      skewMs: fc.integer({ min: -200, max: 200 }),
      isError: fc.boolean(),
      isWithoutClient: fc.boolean(),
      isLost: fc.boolean(),
    },
    { requiredKeys: ["service"] },
  ),
})).call;

describe("the partition of a trace", () => {
  test("gives time on the way to the edge, work to the service, and together the whole duration", () => {
    const request = only(madeTrace(1, chain()));
    expect(timesOf(request)).toEqual({
      "gateway itself": 5,
      "gateway to orders": 2,
      "orders itself": 7,
      "orders to stock": 3,
      "stock itself": 4,
    });
    expect(request.durationMs).toBe(21);
  });

  test("counts the deepest of overlapping spans once", () => {
    const trace = madeTrace(1, chain());
    const root = trace.spans[0] as OwnedSpan;
    const beside: OwnedSpan = {
      ...root,
      spanId: "f".repeat(16),
      parentSpanId: root.spanId,
      kind: "INTERNAL",
      operation: "handle",
    };
    const request = only({ ...trace, spans: [...trace.spans, beside] });
    expect(request.pieces.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(request.durationMs, 6);
    expect(timesOf(request)).toMatchObject({ "orders itself": 7, "stock itself": 4 });
  });

  test("puts a server whose clock is wrong back into its client's span", () => {
    expect(timesOf(only(madeTrace(1, chain({ skewMs: 5000 }))))).toMatchObject({
      "orders to stock": 3,
      "stock itself": 4,
    });
  });

  test("takes the caller's gap around a callee for the way where the caller has no client span", () => {
    const request = only(
      madeTrace(1, { service: "gateway", selfMs: 5, calls: [{ service: "orders", wayMs: 40, isWithoutClient: true }] }),
    );
    expect(timesOf(request)).toEqual({ "gateway to orders": 45, "orders itself": 5 });
  });

  test("charges a call that never arrived to the way to the service its cluster names", () => {
    const clientTags = { upstream_cluster: "outbound|80||stock.shop.svc.cluster.local" };
    const request = only(madeTrace(1, chain({ isLost: true, isError: true, clientTags })));
    expect(timesOf(request)).toMatchObject({ "orders to stock": 7 });
    expect(request.origins.map(({ service, peer }) => [service, peer].map((key) => key?.split("\u0000")[2]))).toEqual([
      ["stock", "orders"],
    ]);
  });

  test("names a database that has no spans of its own", () => {
    const clientTags = { "db.system": "mysql", "db.name": "orders-db" };
    expect(timesOf(only(madeTrace(1, chain({ isLost: true, clientTags }))))).toMatchObject({ "orders orders-db": 7 });
  });

  test("finds the birth of an error below those that only pass it on", () => {
    const trace = madeTrace(1, {
      service: "gateway",
      isError: true,
      calls: [
        { service: "orders", isError: true, calls: [{ service: "stock", operation: "GET /left/12", isError: true }] },
      ],
    });
    const { origins, isFailed } = only(trace);
    expect(isFailed).toBe(true);
    expect(origins.map(({ service, name }) => [service.split("\u0000")[2], name])).toEqual([["stock", "GET /left/*"]]);
  });

  test("looks at the part below the service that burns, with the way to it", () => {
    const request = only(madeTrace(1, chain()), "orders");
    expect(timesOf(request)).toEqual({
      "gateway to orders": 2,
      "orders itself": 7,
      "orders to stock": 3,
      "stock itself": 4,
    });
  });

  test("survives spans that are each other's parents", () => {
    const trace = madeTrace(1, chain());
    const [root, ...others] = trace.spans as [OwnedSpan, ...OwnedSpan[]];
    const last = others[others.length - 1] as OwnedSpan;
    const request = only({ ...trace, spans: [{ ...root, parentSpanId: last.spanId }, ...others] });
    expect(request.pieces.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(request.durationMs, 6);
  });

  test("does not compare the time of a trace whose root is missing", () => {
    const trace = madeTrace(1, { service: "gateway", calls: [{ service: "orders" }, { service: "orders" }] });
    const requests = requestsOf({ ...trace, spans: trace.spans.slice(1) }, null, new Map());
    expect(requests.map(({ isWhole }) => isWhole)).toEqual([false, false]);
  });

  test("takes a trace of 50,000 spans apart", () => {
    const calls = Array.from({ length: 25_000 }, () => ({ service: "orders", wayMs: 1, selfMs: 1 }));
    const request = only(madeTrace(1, { service: "gateway", calls }));
    expect(timesOf(request)).toEqual({ "gateway itself": 5, "gateway to orders": 25_000, "orders itself": 25_000 });
    expect(request.pieces).toHaveLength(3);
  });

  test("always adds up to the duration, whatever the clocks and the gaps", () => {
    fc.assert(
      fc.property(callTree, (root) => {
        const requests = requestsOf(madeTrace(1, root), null, new Map());
        for (const { pieces, durationMs } of requests) {
          expect(pieces.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(durationMs, 3);
          expect(pieces.every(({ ms, calls }) => ms >= 0 && calls >= 1)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
