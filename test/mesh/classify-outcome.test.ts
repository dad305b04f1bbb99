import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type CountedCalls, outcomeOf, verdictOf } from "../../src/mesh/classify-outcome.js";
import { parseFlags, responseFlags } from "../../src/mesh/response-flags.js";

function calls(code: number | null, flags = "-", more: Partial<CountedCalls> = {}): CountedCalls {
  return { count: 1, code, grpcStatus: null, flags: parseFlags(flags), isFromOutside: false, ...more };
}

const verdict = (code: number | null, flags = "-", more: Partial<CountedCalls> = {}) => {
  const result = verdictOf(calls(code, flags, more));
  return "cause" in result ? `${result.kind} ${result.cause}` : result.kind;
};

describe("the verdict on a call", () => {
  test.each([
    [200, "-", "SUCCESS"],
    [302, "-", "SUCCESS"],
    [200, "DI", "SUCCESS"],
    [500, "-", "FAILED SERVER_ERROR"],
    [500, "FI", "FAILED FAULT_INJECTED"],
    [503, "UH", "FAILED NO_ENDPOINTS"],
    [503, "NC", "FAILED NO_ENDPOINTS"],
    [503, "UF", "FAILED CONNECTION_FAILED"],
    [503, "UC", "FAILED CONNECTION_FAILED"],
    [503, "UO", "FAILED CIRCUIT_OPEN"],
    [503, "URX", "FAILED RETRIES_EXHAUSTED"],
    [504, "UT", "FAILED TIMEOUT"],
    [0, "-", "FAILED OTHER"],
    [0, "DC", "FAILED CALLER_GAVE_UP"],
    [400, "FI", "CLIENT_ERROR OTHER"],
    [401, "-", "CLIENT_ERROR UNAUTHENTICATED"],
    [403, "-", "CLIENT_ERROR DENIED"],
    [403, "UAEX", "CLIENT_ERROR DENIED"],
    [404, "-", "CLIENT_ERROR OTHER"],
    [404, "NR", "CLIENT_ERROR NO_ROUTE"],
    [429, "-", "CLIENT_ERROR RATE_LIMITED"],
    [429, "RL", "CLIENT_ERROR RATE_LIMITED"],
  ])("code %s with flags %s is %s", (code, flags, expected) => {
    expect(verdict(code, flags)).toBe(expected);
  });

  test.each([
    [0, "SUCCESS"],
    [1, "CLIENT_ERROR OTHER"],
    [2, "FAILED GRPC_ERROR"],
    [4, "FAILED GRPC_ERROR"],
    [5, "CLIENT_ERROR OTHER"],
    [7, "CLIENT_ERROR DENIED"],
    [8, "FAILED GRPC_ERROR"],
    [12, "FAILED GRPC_ERROR"],
    [13, "FAILED GRPC_ERROR"],
    [14, "FAILED GRPC_ERROR"],
    [15, "FAILED GRPC_ERROR"],
    [16, "CLIENT_ERROR UNAUTHENTICATED"],
  ])("gRPC status %s is %s although the HTTP code is 200", (grpcStatus, expected) => {
    expect(verdict(200, "-", { grpcStatus })).toBe(expected);
  });

  test("an HTTP error of a gRPC call decides before its status", () => {
    expect(verdict(503, "UH", { grpcStatus: 14 })).toBe("FAILED NO_ENDPOINTS");
    expect(verdict(403, "-", { grpcStatus: 14 })).toBe("CLIENT_ERROR DENIED");
  });

  test("a client that goes away at a gateway is in neither side, whatever else is flagged", () => {
    expect(verdict(0, "DC", { isFromOutside: true })).toBe("LEFT");
    expect(verdict(0, "DI,DC", { isFromOutside: true })).toBe("LEFT");
  });

  test("a caller that gives up during an injected delay gave up", () => {
    expect(verdict(0, "DI,DC")).toBe("FAILED CALLER_GAVE_UP");
  });

  test("why the last attempt failed comes before that the retries are used up", () => {
    expect(verdict(503, "URX,UF")).toBe("FAILED CONNECTION_FAILED");
    expect(verdict(504, "URX,UT")).toBe("FAILED TIMEOUT");
    expect(verdict(503, "UO,URX")).toBe("FAILED CIRCUIT_OPEN");
  });

  test("what metrics mark as failed without a code is the server's error", () => {
    expect(verdict(null, "-", { isMarkedFailed: true })).toBe("FAILED SERVER_ERROR");
    expect(verdict(null)).toBe("SUCCESS");
  });
});

const anyCalls = fc.record({
  count: fc.nat(1000),
  code: fc.option(fc.constantFrom(0, 200, 204, 301, 400, 401, 403, 404, 429, 500, 503, 504)),
  grpcStatus: fc.option(fc.integer({ min: 0, max: 16 })),
  flags: fc.uniqueArray(fc.constantFrom(...Object.keys(responseFlags), "NEW"), { maxLength: 4 }),
  isFromOutside: fc.boolean(),
});

describe("outcomes (properties)", () => {
  test("the order of flags never changes the verdict", () => {
    fc.assert(
      fc.property(anyCalls, (one) => {
        expect(verdictOf({ ...one, flags: [...one.flags].reverse() })).toEqual(verdictOf(one));
      }),
    );
  });

  test("every call is in exactly one class and causes add up to their totals", () => {
    fc.assert(
      fc.property(fc.array(anyCalls), (all) => {
        const outcome = outcomeOf(all);
        const sum = (parts: readonly { readonly count: number }[]) => parts.reduce((a, part) => a + part.count, 0);
        expect(outcome.requestCount).toBe(sum(all));
        expect(sum(outcome.failures)).toBe(outcome.failedCount);
        expect(sum(outcome.clientErrors)).toBe(outcome.clientErrorCount);
        expect(outcome.failedCount + outcome.clientErrorCount + outcome.leftCount).toBeLessThanOrEqual(
          outcome.requestCount,
        );
        expect(outcome.errorRatio === null || (outcome.errorRatio >= 0 && outcome.errorRatio <= 1)).toBe(true);
      }),
    );
  });

  test("nothing counted has no ratio", () => {
    expect(outcomeOf([]).errorRatio).toBeNull();
    expect(outcomeOf([calls(0, "DC", { count: 5, isFromOutside: true })])).toMatchObject({
      requestCount: 5,
      leftCount: 5,
      errorRatio: null,
    });
  });

  test("flags are told with their share of all requests, the largest first", () => {
    const outcome = outcomeOf([
      calls(200, "-", { count: 50 }),
      calls(0, "DI,DC", { count: 30 }),
      calls(200, "DI", { count: 20 }),
    ]);
    expect(outcome.responseFlags.map(({ flag, share }) => [flag, share])).toEqual([
      ["DI", 0.5],
      ["DC", 0.3],
    ]);
  });
});
