/** The notifier: keeps looking at the outbox and sleeps until something may be sent. The composition root makes one for a store. */
import { setTimeout as delay } from "node:timers/promises";
import type { OutboxStore } from "../store/outbox-store.js";
import { type Clock, systemClock } from "../telemetry/clock.js";
import { createDeliveryPass, type DeliveryObserver } from "./delivery-pass.js";
import { createPace } from "./pace.js";
import type { SlackPort } from "./slack-port.js";

/** What it needs. */
export interface NotifierDeps {
  readonly outbox: OutboxStore;
  readonly slack: SlackPort;
  readonly clock?: Clock;
  /** 0 up to 1; default Math.random. */
  readonly random?: () => number;
  readonly observer?: DeliveryObserver;
  readonly maxAgeMs?: number;
  /** Of several copies: whether no other one can have taken over. */
  readonly isSurelyOurs?: () => boolean;
  /** Of several copies: how long attempts of another one may still be under way at a start. */
  readonly underWayMs?: number;
  /** Waits; ends at once when the signal aborts. Default: as long as it takes. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told when the store cannot be used; it is tried again in a second. */
  readonly onStoreError?: (error: unknown) => void;
}

/** A running notifier. */
export interface Notifier {
  /** Takes over what a crash cut short and begins. @throws MESHLENS_ERR_STORE_* */
  start(): Promise<void>;
  /** Something was put into the outbox: look at once. */
  wake(): void;
  /** Lets the attempts under way end, bounded by the timeout of a call, and begins no more. */
  close(): Promise<void>;
}

const longestSleepMs = 30_000;
const storePauseMs = 1_000;

/** One per store and process: two would both keep the order, but not the pace. */
export function createNotifier(deps: NotifierDeps): Notifier {
  const { outbox, clock = systemClock, random = Math.random, pause = realPause, onStoreError } = deps;
  const pass = createDeliveryPass({ ...deps, clock, random, pace: createPace(clock) });
  let isClosed = false;
  let isWoken = false;
  let rouse: () => void = () => {};
  let running: Promise<void> | null = null;

  async function sleep(ms: number): Promise<void> {
    if (isWoken || isClosed || ms <= 0) return;
    const woken = new AbortController();
    rouse = () => woken.abort();
    await pause(Math.min(ms, longestSleepMs), woken.signal);
  }

  async function run(): Promise<void> {
    while (!isClosed) {
      isWoken = false;
      try {
        const { nextMs } = await pass();
        await sleep(nextMs === null ? longestSleepMs : nextMs - clock.nowMs());
      } catch (error) {
        onStoreError?.(error);
        await sleep(storePauseMs);
      }
    }
  }

  return {
    async start() {
      await outbox.recover(clock.nowMs(), deps.underWayMs ?? 0);
      running = run();
    },
    wake() {
      isWoken = true;
      rouse();
    },
    async close() {
      isClosed = true;
      rouse();
      await running;
    },
  };
}

async function realPause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
