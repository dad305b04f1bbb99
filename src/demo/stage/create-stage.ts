/**
 * Lets a simulated mesh live up to an instant and hands on what its proxies tell: metrics scraped at even instants, spans and lines when
 * they end. The same for hours of history at once and for the next second. Driven by the demo's timer, by benches and by tests.
 */
import { setImmediate } from "node:timers/promises";
import type { HttpExchange } from "../simulation/exchange.js";

/** The mesh and who records it. */
export interface StageDeps {
  readonly simulation: {
    nowMs(): number;
    advance(toMs: number, onRequest: (root: HttpExchange) => void): void;
  };
  /** Takes each request with all it caused; parts of it may lie in the future. */
  record(root: HttpExchange): void;
  /** Takes a sample of every series. */
  scrape(atMs: number): void;
  /** Hands on what ended by then. */
  release(untilMs: number): void;
  readonly scrapeIntervalMs: number;
}

/** How far a stage has come. */
export interface StageProgress {
  readonly nowMs: number;
  /** Requests of users so far. */
  readonly requests: number;
}

/** A mesh that lives as far as it is told to. */
export interface Stage {
  /**
   * Lets time pass until `toMs`; an instant already passed does nothing. Pauses now and then, so that a server goes on answering; calls
   * made meanwhile wait for their turn.
   * @param signal ends it at the next pause
   */
  play(toMs: number, signal: AbortSignal, onProgress?: (progress: StageProgress) => void): Promise<void>;
  progress(): StageProgress;
}

/** The longest the event loop is held, ms. */
const breathMs = 20;

/** A stage at the simulation's present instant. */
export function createStage({ simulation, record, scrape, release, scrapeIntervalMs }: StageDeps): Stage {
  let requests = 0;
  let last: Promise<void> = Promise.resolve();
  const progress = (): StageProgress => ({ nowMs: simulation.nowMs(), requests });
  const onRequest = (root: HttpExchange): void => {
    requests += 1;
    record(root);
  };

  function step(toMs: number): void {
    simulation.advance(toMs, onRequest);
    if (toMs % scrapeIntervalMs === 0) scrape(toMs);
    release(toMs);
  }

  async function play(toMs: number, signal: AbortSignal, onProgress?: (now: StageProgress) => void): Promise<void> {
    let breathedAt = performance.now();
    while (simulation.nowMs() < toMs && !signal.aborted) {
      const nextScrapeMs = (Math.floor(simulation.nowMs() / scrapeIntervalMs) + 1) * scrapeIntervalMs;
      step(Math.min(nextScrapeMs, toMs));
      if (performance.now() - breathedAt < breathMs) continue;
      onProgress?.(progress());
      await setImmediate();
      breathedAt = performance.now();
    }
  }

  return {
    play(toMs, signal, onProgress) {
      last = last.then(() => play(toMs, signal, onProgress));
      return last;
    },
    progress,
  };
}
