import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createOffLoop, type OffLoop } from "../../src/http/off-loop.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import { offLoopModule } from "../support/off-loop-module.js";
import { waitUntil } from "../support/wait-until.js";

describe("the off-loop runner", () => {
  let offLoop: OffLoop;
  const run = (argument: unknown, given: { signal?: AbortSignal; deadlineMs?: number } = {}) => {
    const bytes = Buffer.from([1, 2, 3]);
    const options = { signal: new AbortController().signal, deadlineMs: Date.now() + 20_000, ...given };
    return offLoop
      .run({ module: offLoopModule, bytes, argument }, options)
      .then((buffer) => [...new Uint8Array(buffer)]);
  };
  beforeEach(() => {
    offLoop = createOffLoop({ name: "s", clock });
  });
  afterEach(() => offLoop.close());

  test("answers each task with its own result", async () => {
    expect(await Promise.all([run(null), run(null)])).toEqual([
      [2, 4, 6],
      [2, 4, 6],
    ]);
  });

  test("leaves the caller's bytes alone, also when they are a view into a larger buffer", async () => {
    const bytes = Buffer.from([9, 1, 2, 9]).subarray(1, 3);
    const options = { signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 };
    const buffer = await offLoop.run({ module: offLoopModule, bytes, argument: null }, options);
    expect([[...new Uint8Array(buffer)], [...bytes]]).toEqual([
      [2, 4],
      [1, 2],
    ]);
  });

  test("passes a decoder's error on with its code and place, and goes on working", async () => {
    await expect(run("fail")).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_DECODE",
      message: "Source s is wrong at data[3].",
      details: { at: "data[3]" },
    });
    await expect(run("bug")).rejects.toMatchObject({ code: "MESHLENS_ERR_INTERNAL" });
    expect(await run(null)).toEqual([2, 4, 6]);
  });

  test("a worker that dies fails its tasks, and the next task gets a new one", async () => {
    await expect(run("die")).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
    expect(await run(null)).toEqual([2, 4, 6]);
  });

  test("a caller who leaves or whose deadline passes does not wait for the worker", async () => {
    const leaving = new AbortController();
    const left = run("spin", { signal: leaving.signal });
    const late = run(null, { deadlineMs: Date.now() + 1 });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
    await expect(late).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_TIMEOUT" });
  });

  test("closing ends a worker in the middle of its task, and takes no more", async () => {
    const spinning = run("spin");
    const closed = offLoop.close();
    await expect(spinning).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
    await closed;
    await expect(run(null)).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_ABORTED" });
  });

  test("an idle worker ends by itself, and a later task starts another", async () => {
    await offLoop.close();
    offLoop = createOffLoop({ name: "s", clock, idleMs: 1 });
    const [first] = await run("thread");
    await waitUntil("another worker answers", async () => (await run("thread"))[0] !== first);
  });
});
