import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { stepMs } from "../support/alert-stream.js";
import { expectedOutage } from "../support/closed-form.js";
import type { WatchedFault } from "./alerts-worker.js";

const scrapeMs = 15_000;

describe("a demo whose faults come and go, under evaluation", () => {
  let watched: readonly WatchedFault[] = [];
  beforeAll(async () => {
    const worker = new Worker(new URL("./alerts-worker.js", import.meta.url));
    [watched] = (await once(worker, "message")) as [readonly WatchedFault[]];
    await worker.terminate();
  }, 300_000);

  test.each([
    ["ratings-delay burns the budget of reviews", 0],
    ["rbac-denied burns that of ratings where a denied call (403) is a failed one", 1],
  ])("%s: fires and resolves when the arithmetic of its failing share says so", (_, index) => {
    const { objective, lengthMs, failedShare, told } = watched[index] as WatchedFault;
    expect(failedShare).toBeGreaterThan(0.03);
    const wanted = expectedOutage(objective, [failedShare, lengthMs]);
    const at = (state: string) => told.find(({ to }) => to === state)?.atMs ?? Number.NaN;
    expect(Math.abs(at("FIRING") - (wanted?.fireMs ?? 0))).toBeLessThanOrEqual(stepMs);
    // Delayed calls of the last seconds fail when all is well again, and are scraped a scrape later.
    expect(Math.abs(at("RESOLVED") - (wanted?.resolveMs ?? 0))).toBeLessThanOrEqual(stepMs + scrapeMs);
    expect(told.map(({ to, severity }) => `${to} ${severity}`)).toEqual([
      "PENDING PAGE",
      "FIRING PAGE",
      "RECOVERING PAGE",
      "RESOLVED PAGE",
    ]);
  });
});
