import { describe, expect, test } from "@jest/globals";
import { assembleTrace, newestFirst } from "../../src/telemetry/assemble-trace.js";
import { span, t0, trace } from "../support/spans.js";

describe("putting a trace together", () => {
  test("spans stand oldest first, whatever order they came in", () => {
    const { spans } = assembleTrace("1", [span("b", "a", { at: 5 }), span("a", null)], true);
    expect(spans.map((one) => one.startMs)).toEqual([t0, t0 + 5]);
  });

  test("a span sent twice is one span", () => {
    expect(assembleTrace("1", [span("a", null), span("a", null)], true).spans).toHaveLength(1);
  });

  test("pieces of one span are joined: the longest stands, no tag, parent, failure or event of the others is lost", () => {
    const early = span("a", "9", {
      ms: 0,
      status: "ERROR",
      tags: { early: "1" },
      events: [{ atMs: t0, name: "sent", attributes: {} }],
    });
    const late = span("a", null, { ms: 20, tags: { late: "2" }, events: [{ atMs: t0, name: "sent", attributes: {} }] });
    for (const pieces of [
      [early, late],
      [late, early],
    ]) {
      expect(assembleTrace("1", pieces, true).spans).toEqual([
        { ...late, parentSpanId: "9".padStart(16, "0"), status: "ERROR", tags: { early: "1", late: "2" } },
      ]);
    }
  });

  test("attempts that bear one id are as many spans as there were", () => {
    const attempt = (at: number) => span("a", "9", { at, ms: 5, isShared: true, kind: "SERVER" });
    const { spans } = assembleTrace("1", [attempt(30), attempt(0), attempt(0)], true);
    expect(spans.map((one) => one.startMs - t0)).toEqual([0, 30]);
  });

  test("a piece that tells neither its start nor its end belongs to the attempt nearest to it", () => {
    const attempt = (at: number) => span("a", null, { at, ms: 5 });
    const piece = span("a", null, { at: 28, ms: 0, tags: { early: "1" } });
    const { spans } = assembleTrace("1", [piece, attempt(0), attempt(30)], true);
    expect(spans.map((one) => one.tags)).toEqual([{}, { early: "1" }]);
  });

  test("the halves of a shared pair and equal ids of two services stay apart", () => {
    const client = span("a", null, { kind: "CLIENT" });
    const server = span("a", null, { kind: "SERVER", isShared: true });
    const other = span("a", null, { kind: "CLIENT", serviceName: "reviews.bookinfo" });
    expect(assembleTrace("1", [client, server, other], true).spans).toHaveLength(3);
  });

  test("traces run newest first, equal starts by id", () => {
    const [a, b, c] = [
      trace("a", [span("1", null)]),
      trace("b", [span("1", null)]),
      trace("c", [span("1", null, { at: 1 })]),
    ];
    expect(newestFirst([b, a, c])).toEqual([c, a, b]);
  });
});
