import { describe, expect, test } from "@jest/globals";
import { createSharedFlight } from "../../src/http/shared-flight.js";
import type { CallOptions } from "../../src/telemetry/source.js";

/** A flight over a hand-moved clock and calls that end when the test says so. */
function setUp(ttl = 1_000, maxWeight = 100) {
  let nowMs = 0;
  const calls: Array<{ options: CallOptions; resolve: (value: string) => void; reject: (error: Error) => void }> = [];
  const flight = createSharedFlight<string>({
    source: "s",
    clock: { nowMs: () => nowMs },
    ttlMs: (value) => (value.startsWith("degraded") ? 0 : ttl),
    weight: (value) => value.length,
    maxWeight,
  });
  const load = (options: CallOptions) =>
    new Promise<string>((resolve, reject) => {
      calls.push({ options, resolve, reject });
    });
  const get = (key: string, signal = new AbortController().signal) =>
    flight.get(key, { signal, deadlineMs: nowMs + 60_000 }, load);
  return { calls, get, pass: (ms: number) => (nowMs += ms) };
}

describe("a shared flight", () => {
  test("a hundred equal questions at once are one call", async () => {
    const { calls, get } = setUp();
    const all = Promise.all(Array.from({ length: 100 }, () => get("k")));
    expect(calls.length).toBe(1);
    calls[0]?.resolve("v");
    const answers = await all;
    expect(new Set(answers.map((a) => a.value))).toEqual(new Set(["v"]));
    expect(answers.filter((a) => a.origin === "own").length).toBe(1);
  });

  test("an answer is kept until its time is over, a degraded one not at all", async () => {
    const { calls, get, pass } = setUp();
    const first = get("k");
    calls[0]?.resolve("v");
    await first;
    expect((await get("k")).origin).toBe("kept");
    pass(1_000);
    const again = get("k");
    calls[1]?.resolve("degraded");
    expect((await again).origin).toBe("own");
    void get("k").catch(() => undefined);
    expect(calls.length).toBe(3);
  });

  test("a failure reaches everyone who waits and is not kept", async () => {
    const { calls, get } = setUp();
    const both = [get("k"), get("k")].map((p) => p.catch((e: Error) => e.message));
    calls[0]?.reject(new Error("down"));
    expect(await Promise.all(both)).toEqual(["down", "down"]);
    void get("k").catch(() => undefined);
    expect(calls.length).toBe(2);
  });

  test("one client leaving leaves the others their answer; the last one leaving ends the call", async () => {
    const { calls, get } = setUp();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = get("k", one.signal).catch((e: unknown) => e);
    const second = get("k", two.signal).catch((e: unknown) => e);
    one.abort();
    expect(await first).toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
    expect(calls[0]?.options.signal.aborted).toBe(false);
    two.abort();
    expect(await second).toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
    expect(calls[0]?.options.signal.aborted).toBe(true);
    void get("k").catch(() => undefined);
    expect(calls.length).toBe(2);
  });

  test("the oldest answers go when there is too much", async () => {
    const { calls, get } = setUp(1_000, 10);
    for (const [i, key] of ["a", "b", "c"].entries()) {
      const answer = get(key);
      calls[i]?.resolve("12345");
      await answer;
    }
    expect((await get("c")).origin).toBe("kept");
    expect((await get("b")).origin).toBe("kept");
    void get("a").catch(() => undefined);
    expect(calls.length).toBe(4);
  });
});
