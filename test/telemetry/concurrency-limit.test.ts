import { describe, expect, test } from "@jest/globals";
import { createConcurrencyLimit } from "../../src/telemetry/concurrency-limit.js";

const never = new AbortController().signal;

describe("a concurrency limit", () => {
  test("lets so many in, and the others in the order they came", async () => {
    const limit = createConcurrencyLimit(1);
    const first = await limit.acquire(never);
    const order: string[] = [];
    const second = limit.acquire(never).then((release) => {
      order.push("second");
      return release;
    });
    const third = limit.acquire(never).then(() => order.push("third"));
    expect(limit.queueLength()).toBe(2);
    first();
    (await second)();
    await third;
    expect(order).toEqual(["second", "third"]);
  });

  test("frees one place only, however often one is given back", async () => {
    const limit = createConcurrencyLimit(1);
    const release = await limit.acquire(never);
    release();
    release();
    await limit.acquire(never);
    void limit.acquire(never);
    expect(limit.queueLength()).toBe(1);
  });

  test("forgets who gives up waiting", async () => {
    const limit = createConcurrencyLimit(1);
    const release = await limit.acquire(never);
    const gone = new AbortController();
    const waiting = limit.acquire(gone.signal);
    gone.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    expect(limit.queueLength()).toBe(0);
    release();
    await limit.acquire(never);
  });

  test("keeps places for urgent callers, and lets them in before the others", async () => {
    const limit = createConcurrencyLimit(1, 1);
    const ordinary = await limit.acquire(never);
    const urgent = await limit.acquire(never, true);
    const order: string[] = [];
    const waitingOrdinary = limit.acquire(never).then(() => order.push("ordinary"));
    const waitingUrgent = limit.acquire(never, true).then((release) => {
      order.push("urgent");
      return release;
    });
    expect(limit.queueLength()).toBe(2);
    // The ordinary one's place is free again, and still the urgent one is first.
    ordinary();
    const release = await waitingUrgent;
    expect(order).toEqual(["urgent"]);
    release();
    expect(limit.queueLength()).toBe(1);
    urgent();
    await waitingOrdinary;
    expect(order).toEqual(["urgent", "ordinary"]);
  });
});
