/**
 * What every networked source does when its backend misbehaves: the right code and state in time, nothing leaked, and service again
 * when the backend is well. Each adapter runs it with its own good answer.
 */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { isMeshlensError } from "../../src/errors.js";
import { type CallOptions, type Source, type SourceState, stateOfError } from "../../src/telemetry/source.js";
import { type FaultServer, startFaultServer, unusedPort } from "../support/fault-server.js";
import { heapAfterCollection } from "../support/heap-after-collection.js";
import { waitUntil } from "../support/wait-until.js";

/** How the suite makes and uses one adapter. */
export interface FaultSubject<S extends Source> {
  /** A fresh source; `maxResponseBytes` and `timeoutMs` go into its configuration. */
  make(url: string, limits: { readonly maxResponseBytes: number; readonly timeoutMs: number }): S;
  /** One ordinary question; it must reach the backend each time (different ranges or names, so that no cache answers). */
  ask(source: S, options: CallOptions, nth: number): Promise<unknown>;
  /** Serves a good answer to whatever `ask` sends. */
  readonly healthy: Parameters<FaultServer["behave"]>[0];
}

/** So patient that only silence runs into it. */
const limits = { maxResponseBytes: 2_000_000, timeoutMs: 20_000 };
const hasty = { ...limits, timeoutMs: 400 };
const faults: ReadonlyArray<readonly [string, Parameters<FaultServer["behave"]>[0], string, SourceState]> = [
  ["401", { kind: "answer", status: 401, body: "{}" }, "MESHLENS_ERR_SOURCE_UNAUTHORIZED", "UNAUTHORIZED"],
  ["403", { kind: "answer", status: 403, body: "{}" }, "MESHLENS_ERR_SOURCE_UNAUTHORIZED", "UNAUTHORIZED"],
  [
    "429",
    { kind: "answer", status: 429, headers: { "retry-after": "60" }, body: "{}" },
    "MESHLENS_ERR_SOURCE_RATE_LIMITED",
    "RATE_LIMITED",
  ],
  ["500", { kind: "answer", status: 500, body: "secret stack trace" }, "MESHLENS_ERR_SOURCE_STATUS", "UNAVAILABLE"],
  [
    "503 with HTML",
    { kind: "answer", status: 503, headers: { "content-type": "text/html" }, body: "<html>" },
    "MESHLENS_ERR_SOURCE_STATUS",
    "UNAVAILABLE",
  ],
  [
    "HTML instead of JSON",
    { kind: "answer", headers: { "content-type": "text/html" }, body: "<html>login</html>" },
    "MESHLENS_ERR_SOURCE_DECODE",
    "UNAVAILABLE",
  ],
  ["cut JSON", { kind: "answer", body: '{"data": [{"a": 1}, {"b' }, "MESHLENS_ERR_SOURCE_DECODE", "UNAVAILABLE"],
  ["a wrong shape", { kind: "answer", body: '[{"what": 7}, 12, null]' }, "MESHLENS_ERR_SOURCE_DECODE", "UNAVAILABLE"],
  ["a bare null", { kind: "answer", body: "null" }, "MESHLENS_ERR_SOURCE_DECODE", "UNAVAILABLE"],
  [
    "a reset in mid-body",
    { kind: "reset-mid-body", body: '{"data": [' },
    "MESHLENS_ERR_SOURCE_UNREACHABLE",
    "UNAVAILABLE",
  ],
  ["a hang-up before any answer", { kind: "hang-up" }, "MESHLENS_ERR_SOURCE_UNREACHABLE", "UNAVAILABLE"],
  ["silence", { kind: "silence" }, "MESHLENS_ERR_SOURCE_TIMEOUT", "TIMEOUT"],
  ["an endless body", { kind: "endless" }, "MESHLENS_ERR_SOURCE_TOO_LARGE", "UNAVAILABLE"],
];

/** Registers the suite for one adapter. */
export function describeSourceFaults<S extends Source>(name: string, subject: FaultSubject<S>): void {
  describe(`${name} when its backend misbehaves`, () => {
    let server: FaultServer;
    let source: S;
    let nth = 0;
    const options = (signal = new AbortController().signal): CallOptions => ({
      signal,
      deadlineMs: Date.now() + 60_000,
    });
    const ask = (o = options()) => {
      nth += 1;
      return subject.ask(source, o, nth);
    };
    const failure = (o?: CallOptions) =>
      ask(o).then(
        () => Promise.reject(new Error("expected a failure")),
        (error: unknown) => error,
      );

    const remake = async (differently: typeof limits, url = server.url) => {
      await source.close();
      source = subject.make(url, differently);
    };

    beforeEach(async () => {
      server = await startFaultServer();
      source = subject.make(server.url, limits);
    });
    afterEach(async () => {
      await source.close();
      await server.close();
    });

    test.each(faults)(
      "%s becomes its code and state, in one sentence without the body",
      async (_title, fault, code, state) => {
        server.behave(fault);
        if (fault.kind === "silence") await remake(hasty);
        const error = await failure();
        expect({ code: isMeshlensError(error) && error.code, state: stateOfError(error) }).toEqual({ code, state });
        expect(String(error)).not.toContain("secret stack trace");
        expect(String(error)).toContain(source.name);
      },
    );

    test("a refused connection says so", async () => {
      await remake(limits, `http://127.0.0.1:${await unusedPort()}`);
      expect(await failure()).toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNREACHABLE" });
    });

    test("a name that does not resolve says so", async () => {
      await remake(hasty, "http://no-such-host.invalid:9");
      expect(await failure()).toMatchObject({ code: expect.stringMatching(/UNREACHABLE|TIMEOUT/) });
    });

    test("after a 429 it is not asked again before its Retry-After", async () => {
      server.behave({ kind: "answer", status: 429, headers: { "retry-after": "60" }, body: "{}" });
      await failure();
      const asked = server.requestCount();
      expect(await failure()).toMatchObject({ code: "MESHLENS_ERR_SOURCE_RATE_LIMITED" });
      expect(server.requestCount()).toBe(asked);
    });

    test("an endless body is read up to the cap and no further", async () => {
      server.behave({ kind: "endless" });
      await failure();
      // What the kernel's buffers took on the way is not read by us.
      expect(server.endlessBytes()).toBeLessThan(limits.maxResponseBytes + 16_000_000);
    });

    test("a client that leaves ends the call upstream", async () => {
      server.behave({ kind: "silence" });
      const leaving = new AbortController();
      const failed = failure(options(leaving.signal));
      await waitUntil("the request has arrived", () => server.requestCount() > 0);
      leaving.abort();
      expect(await failed).toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
      await waitUntil("the connection is closed", () => server.openSockets() === 0);
    });

    test("a deadline already past is a timeout without a request", async () => {
      const error = await failure({ signal: new AbortController().signal, deadlineMs: Date.now() - 1 });
      expect(error).toMatchObject({ code: "MESHLENS_ERR_SOURCE_TIMEOUT" });
      expect(server.requestCount()).toBe(0);
    });

    test("a backend that recovers serves again without a restart", async () => {
      for (const [, fault] of faults.filter(([title]) => title !== "429" && title !== "silence")) {
        server.behave(fault);
        await failure();
      }
      server.behave(subject.healthy);
      await waitUntil("it answers again", () =>
        ask().then(
          () => true,
          () => false,
        ),
      );
    });

    test("a thousand faulty requests leave no connection and no memory behind", async () => {
      let asked = 0;
      const broken = faults.filter(([title]) => !["429", "silence", "an endless body"].includes(title));
      // Four at a time with a good answer between them: five failures in a row would open the circuit and spare the network.
      const round = async (count: number) => {
        for (let i = 0; i < count; i += 4) {
          server.behave((broken[(i / 4) % broken.length] as (typeof faults)[number])[1]);
          await Promise.all(Array.from({ length: 4 }, () => failure()));
          server.behave(subject.healthy);
          await ask();
        }
        asked = server.requestCount();
      };
      await round(200);
      const warm = asked;
      const before = heapAfterCollection();
      await round(1_000);
      expect(asked - warm).toBeGreaterThanOrEqual(1_250);
      await source.close();
      await waitUntil("every connection is closed", () => server.openSockets() === 0);
      expect(heapAfterCollection() - before).toBeLessThan(10_000_000);
    });
  });
}
