/**
 * The demo's telemetry posted to a real backend: in batches from a bounded queue, with pauses that grow while it refuses. What it cannot
 * take is lost, the demo goes on. Made by the command for each `--feed`.
 */
import { setTimeout as pause } from "node:timers/promises";
import { isMeshlensError } from "../../errors.js";
import type { HttpClient, HttpRequest } from "../../http/http-client.js";
import type { Clock } from "../../telemetry/clock.js";
import type { TelemetryTaker } from "../create-demo.js";
import { type FeedKind, feedForm } from "./feed-forms.js";

/** What a feed is made of. */
export interface FeedOptions {
  readonly kind: FeedKind;
  /** For people. */
  readonly url: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Told once when the backend begins to take or to refuse, not for each batch. */
  readonly onChange: (state: FeedState) => void;
  /** The first pause after a refusal, doubled up to 30 s. Default 1 s. */
  readonly firstPauseMs?: number;
}

/** How a feed is. */
export interface FeedState {
  /** One sentence: who, whether it takes what it is sent, else why not and how to mend it. */
  readonly sentence: string;
  readonly isTaking: boolean;
}

/** A feed that runs until it is stopped. */
export interface Feed extends TelemetryTaker {
  /** Null until the first batch was answered. */
  state(): FeedState | null;
  counts(): { readonly sent: number; readonly waiting: number; readonly lost: number };
  /** Ends at once; what waits is lost. */
  stop(): Promise<void>;
}

const mostWaiting = 50_000;
const batchSize = 1_000;
const longestPauseMs = 30_000;
const callMs = 10_000;

/** Starts to feed with whatever it is given. */
export function createFeed({ kind, url, http, clock, onChange, firstPauseMs = 1_000 }: FeedOptions): Feed {
  const form = feedForm(kind);
  const stopping = new AbortController();
  let waiting: unknown[] = [];
  let state: FeedState | null = null;
  let sent = 0;
  let lost = 0;
  let wake: () => void = () => undefined;

  function take(items: readonly unknown[]): void {
    waiting = waiting.concat(items);
    if (waiting.length > mostWaiting) {
      lost += waiting.length - mostWaiting;
      waiting = waiting.slice(-mostWaiting);
    }
    wake();
  }

  function tell(isTaking: boolean, what: string): void {
    if (state?.isTaking === isTaking) return;
    state = { isTaking, sentence: `${kind} ${url} ${what}` };
    onChange(state);
  }

  /** @returns null when all was taken, else why not */
  async function post(request: HttpRequest): Promise<string | null> {
    try {
      const options = { signal: stopping.signal, deadlineMs: clock.nowMs() + callMs };
      return form.refusal(await http.request(request, options));
    } catch (error) {
      if (isMeshlensError(error)) return error.message;
      throw error;
    }
  }

  async function run(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      const batch = waiting.slice(0, batchSize);
      if (batch.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      waiting = waiting.slice(batch.length);
      const refusal = await post(form.request(batch));
      if (stopping.signal.aborted) return;
      if (refusal === null) {
        sent += batch.length;
        pauseMs = firstPauseMs;
        tell(true, "takes what it is fed");
        continue;
      }
      tell(false, `refuses what it is fed, it is tried again: ${refusal} (${form.remedy})`);
      waiting = batch.concat(waiting).slice(-mostWaiting);
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    }
  }

  const running = run();
  return {
    ...(form.takes === "spans" ? { takeSpans: take } : { takeLines: take }),
    state: () => state,
    counts: () => ({ sent, waiting: waiting.length, lost }),
    async stop() {
      stopping.abort();
      wake();
      await running;
      await http.close();
    },
  };
}
