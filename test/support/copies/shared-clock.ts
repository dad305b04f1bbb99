/**
 * One clock for several processes, in a file: whoever keeps it writes the time, the others read it. It runs `speed` times as fast as the machine's
 * and waits where the evaluations do not keep up: a machine that stands still for a while, or that has other things to do, changes nothing of the
 * story. Kept by the story of several copies.
 */
import { openSync, readSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Clock } from "../../../src/telemetry/clock.js";
import { startMs, stepMs } from "../../alerting/evaluated-mesh.js";

/** When a story of copies begins: a minute after its mesh did. */
const beginsMs = startMs + 60_000;
/** So far the clock runs past the last evaluation that was stored: two are missed by then, as a failover may, and all of them are made up for. */
const aheadMs = 2.8 * stepMs;
const tickMs = 20;
/** More than that between two ticks, and the process stood still. */
const longestTickMs = 200;

/** The clock of whoever reads the file. */
export function readSharedClock(file: string): Clock {
  const opened = openSync(file, "r");
  const bytes = Buffer.alloc(8);
  return {
    nowMs() {
      readSync(opened, bytes, 0, bytes.length, 0);
      return Math.floor(bytes.readDoubleLE());
    },
  };
}

/** Waits by that clock, not by the machine's; ends at once with the signal. */
export function pausesBy(clock: Clock, speed: number) {
  return async (ms: number, signal: AbortSignal): Promise<void> => {
    const endMs = clock.nowMs() + ms;
    for (let restMs = ms; restMs > 0 && !signal.aborted; restMs = endMs - clock.nowMs())
      await delay(Math.max(restMs / speed, tickMs / 2), undefined, { signal }).catch(() => {});
  };
}

/** A clock that is kept. */
export interface KeptClock extends Clock {
  /** By the machine's clock, how long it waited for evaluations after the first. */
  waitedMs(): number;
  stop(): Promise<void>;
}

/** Keeps one in an empty file, from the first evaluation on that a store in PostgreSQL has. */
export function keepSharedClock(file: string, speed: number, storeUrl: string): KeptClock {
  const opened = openSync(file, "w");
  const bytes = Buffer.alloc(8);
  let [nowMs, storedMs, waitedMs, isOver] = [beginsMs, beginsMs, 0, false];
  const write = () => {
    bytes.writeDoubleLE(nowMs);
    writeSync(opened, bytes, 0, bytes.length, 0);
  };
  write();
  let last = performance.now();
  const timer = setInterval(() => {
    const passedMs = Math.min(longestTickMs, performance.now() - last);
    last = performance.now();
    const next = Math.min(nowMs + passedMs * speed, storedMs + aheadMs);
    if (storedMs > beginsMs) waitedMs += passedMs - Math.max(0, next - nowMs) / speed;
    nowMs = Math.max(nowMs, next);
    write();
  }, tickMs);
  const following = followEvaluations(
    storeUrl,
    (atMs) => {
      storedMs = Math.max(storedMs, atMs);
    },
    () => isOver,
  );
  return {
    nowMs: () => Math.floor(nowMs),
    waitedMs: () => waitedMs,
    async stop() {
      isOver = true;
      clearInterval(timer);
      await following;
    },
  };
}

async function followEvaluations(url: string, told: (atMs: number) => void, isOver: () => boolean): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", () => {});
  while (!isOver()) {
    // Not there before the first copy has made it.
    const rows = await pool.query("select evaluated_ms from meshlens.evaluation").then(
      (found) => found.rows as readonly { readonly evaluated_ms: string }[],
      () => [],
    );
    for (const row of rows) told(Number(row.evaluated_ms));
    await delay(50);
  }
  await pool.end();
}
