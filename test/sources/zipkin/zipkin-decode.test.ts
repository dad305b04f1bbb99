import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeZipkin } from "../../../src/sources/zipkin/zipkin-decode.js";
import { arbitraryInstantMs, arbitrarySpanId, arbitraryTraceId } from "../../support/arbitrary-traces.js";

const base = { traceId: "4d2ac0ffee000001", id: "b7ad6b7169203331", timestamp: 1_700_000_000_000_001, duration: 1500 };
const decode = (...spans: unknown[]) => decodeZipkin("zipkin", [spans], null);
const decodeOne = (given: object) => decode({ ...base, ...given }).traces[0]?.spans[0];

describe("Zipkin's JSON", () => {
  test("64- and 128-bit ids and microseconds of any size come out in the port's form", () => {
    const ids = fc.tuple(arbitraryTraceId, arbitrarySpanId, fc.boolean());
    fc.assert(
      fc.property(ids, arbitraryInstantMs, fc.nat(), ([long, id, isShort], startMs, us) => {
        const traceId = isShort ? (/^0+$/.test(long.slice(16)) ? "1".repeat(16) : long.slice(16)) : long;
        const { traces } = decode({ traceId, id, timestamp: Math.round(startMs * 1000), duration: us });
        expect(traces).toMatchObject([
          { traceId: traceId.padStart(32, "0"), spans: [{ spanId: id, startMs, durationMs: us / 1000 }] },
        ]);
      }),
    );
  });

  test("an error tag of any text marks the span, a status code alone does not", () => {
    expect(decodeOne({ tags: { error: "" } })?.status).toBe("ERROR");
    expect(decodeOne({ tags: { "http.status_code": "503" } })?.status).toBe("UNSET");
  });

  test("endpoints stand under the tags Jaeger gives them, and never over the span's own", () => {
    const remoteEndpoint = { serviceName: "ratings", ipv4: "10.0.0.2", port: 9080 };
    expect(decodeOne({ remoteEndpoint, tags: { "peer.service": "mine" } })?.tags).toEqual({
      "peer.service": "mine",
      "net.peer.ip": "10.0.0.2",
      "net.peer.port": "9080",
    });
  });

  test("the halves of a shared span stay apart, the pieces of one half are joined", () => {
    const { traces } = decode(
      { ...base, kind: "CLIENT", duration: undefined, tags: { early: "1" } },
      { ...base, kind: "CLIENT", tags: { late: "2" } },
      { ...base, kind: "SERVER", shared: true },
    );
    expect(traces[0]?.spans).toMatchObject([
      { kind: "CLIENT", isShared: false, durationMs: 1.5, tags: { early: "1", late: "2" } },
      { kind: "SERVER", isShared: true },
    ]);
  });

  test("a span without a timestamp starts with its first annotation, else with its trace", () => {
    const noTime = { ...base, timestamp: undefined };
    const { traces } = decode(
      base,
      { ...noTime, id: "2", annotations: [{ timestamp: base.timestamp + 2000, value: "sr" }] },
      { ...noTime, id: "3" },
    );
    const starts = new Map(traces[0]?.spans.map((span) => [span.spanId.at(-1), span.startMs * 1000 - base.timestamp]));
    expect([starts.get("2"), starts.get("3")]).toEqual([2000, 0]);
  });

  test("keeps only traces of which one span of the service meets all conditions, and says how many came", () => {
    const span = (traceId: string, id: string, serviceName: string, tags: object) => ({
      ...base,
      traceId,
      id,
      localEndpoint: { serviceName },
      tags,
    });
    const traces = [
      [span("1", "1", "cart", { a: "1", b: "2" })],
      [span("2", "1", "cart", { a: "1" }), span("2", "2", "cart", { b: "2" })],
      [span("3", "1", "other", { a: "1", b: "2" })],
    ];
    const conditions = {
      serviceName: "cart",
      minDurationMs: null,
      maxDurationMs: null,
      errorsOnly: false,
      tags: { a: "1", b: "2" },
    };
    const decoded = decodeZipkin("zipkin", traces, conditions);
    expect(decoded.receivedCount).toBe(3);
    expect(decoded.traces.map((trace) => trace.traceId.at(-1))).toEqual(["1"]);
  });

  test.each([
    ["no id", { ...base, id: undefined }, "[0][1].id"],
    ["a number for a tag", { ...base, tags: { n: 1 } }, "[0][1].tags.n"],
    ["an id that is not hexadecimal", { ...base, id: "?" }, "[0][1].id"],
  ])("a span with %s is left out with a warning naming the place", (_, broken, place) => {
    const { traces, warnings } = decode(base, broken);
    expect(traces).toMatchObject([{ isComplete: false, spans: { length: 1 } }]);
    expect(warnings).toEqual([expect.stringContaining(place)]);
  });

  test.each([
    [{}, ""],
    [null, ""],
    [["no spans"], "[0]"],
    [[[{ ...base, traceId: 5 }]], "[0][0]"],
  ])("%j is another format: an error that names the place", (value, at) => {
    expect(() => decodeZipkin("zipkin", value, null)).toThrow(
      expect.objectContaining({ code: "MESHLENS_ERR_SOURCE_DECODE", details: { source: "zipkin", at } }),
    );
  });
});
