/**
 * Follows one kind of objects for as long as its source lives: lists them, watches from there, goes on after a break where it stopped,
 * and lists anew when the server has forgotten that place. Called by kubernetes-source.ts, once per kind and namespace.
 */
import { isMeshlensError, MeshlensError } from "../../errors.js";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { KubeObject } from "../../workloads/kube-object.js";
import type { WatchEvent } from "../../workloads/watch-event.js";
import type { InstalledKinds } from "./installed-kinds.js";
import type { KubernetesClient, NoAnswer, OpenWatch, ReadTarget } from "./kubernetes-client.js";
import { type ReadKind, resourceName } from "./read-kinds.js";
import type { WatchTimings } from "./watch-timings.js";

/** How far it is. `behind`: what is known is of `sinceMs`, null when nothing ever was. */
export type FollowState =
  | { readonly at: "starting" | "current" | "forbidden" | "absent" }
  | { readonly at: "behind"; readonly sinceMs: number | null; readonly error: MeshlensError };

/** What it works with and tells. */
export interface FollowDeps {
  readonly source: string;
  readonly client: KubernetesClient;
  readonly installed: InstalledKinds;
  readonly clock: Clock;
  readonly timings: WatchTimings;
  /** 0 to 1. */
  readonly random: () => number;
  /** Waits; returns early when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** All there are now. */
  readonly onListed: (objects: readonly KubeObject[], atMs: number) => void;
  readonly onEvent: (event: WatchEvent) => void;
  /** There are none any more that may be read; nothing is known of their end. */
  readonly onLost: () => void;
  readonly onState: (state: FollowState) => void;
}

/** A list that is expired in the middle this often is given up until the next round. */
const maxListings = 3;
/** A watch that cannot be opened this often, though the server answers, goes on from a fresh list. */
const maxRefusals = 3;

/** Ends when the signal aborts; never rejects. */
export async function followKind(kind: ReadKind, namespace: string | null, deps: FollowDeps): Promise<void> {
  const { timings, clock, signal } = deps;
  let from: Place | null = null;
  let failures = 0;
  let refusals = 0;
  let currentMs: number | null = null;

  const options = (): CallOptions => ({ signal, deadlineMs: clock.nowMs() + 60_000 });
  const current = () => {
    currentMs = clock.nowMs();
    deps.onState({ at: "current" });
  };

  /** One step: finds, lists or watches until something ends it. */
  async function step(): Promise<void> {
    const version = from?.target.version ?? (await deps.installed.versionOf(kind, options()));
    const target: ReadTarget | null = version === null ? null : { kind, version, namespace };
    const place = from ?? (target === null ? "absent" : await listAll(target, deps, options));
    if (typeof place === "string") return standAside(place);
    if (from === null) currentMs = clock.nowMs();
    from = place;
    const watch = await openWatch(place, deps, options);
    if (watch === "expired" || watch === "absent") {
      from = null;
      return pauseAfter(++failures);
    }
    if (watch === "forbidden") return standAside(watch);
    current();
    const outcome = await readWatch(watch, place, deps, () => {
      failures = 0;
      refusals = 0;
      currentMs = clock.nowMs();
    });
    from = outcome.place;
    // A server that ends every watch at once must not be asked without a pause.
    if (!outcome.isFruitful) await pauseAfter(++failures);
  }

  /** Nothing to follow for now. */
  async function standAside(why: NoAnswer): Promise<void> {
    from = null;
    if (why === "expired") return pauseAfter(++failures);
    if (why === "absent") deps.onListed([], clock.nowMs());
    else deps.onLost();
    currentMs = null;
    deps.onState({ at: why });
    await deps.pause(timings.absentMs, signal);
  }

  async function pauseAfter(count: number, atLeastMs = 0): Promise<void> {
    const grown = Math.min(timings.firstPauseMs * 2 ** (count - 1), timings.longestPauseMs);
    await deps.pause(Math.max(grown * (0.5 + deps.random()), atLeastMs), signal);
  }

  while (!signal.aborted) {
    try {
      await step();
    } catch (thrown) {
      if (signal.aborted) return;
      const error = asError(thrown, deps.source);
      failures += 1;
      // Connections that fail say nothing of the place in the watch; answers that are no answer may.
      if (!isOfConnection(error) && ++refusals >= maxRefusals) {
        from = null;
        refusals = 0;
      }
      deps.onState({ at: "behind", sinceMs: currentMs, error });
      await pauseAfter(failures, error.details.retryAfterMs ?? 0);
    }
  }
}

/** Where a watch goes on. */
interface Place {
  readonly target: ReadTarget;
  readonly resourceVersion: string;
}

async function listAll(
  target: ReadTarget,
  { client, clock, timings, onListed }: FollowDeps,
  options: () => CallOptions,
): Promise<Place | NoAnswer> {
  for (let listing = 1; ; listing += 1) {
    const objects: KubeObject[] = [];
    let next: string | null = null;
    for (;;) {
      const page: Awaited<ReturnType<KubernetesClient["list"]>> = await client.list(
        target,
        next,
        timings.pageObjects,
        options(),
      );
      if (page === "expired" && listing < maxListings) break;
      if (typeof page === "string") return page;
      objects.push(...page.objects);
      next = page.next;
      if (next !== null) continue;
      onListed(objects, clock.nowMs());
      return { target, resourceVersion: page.resourceVersion };
    }
  }
}

function openWatch(
  { target, resourceVersion }: Place,
  { client, timings, random }: FollowDeps,
  options: () => CallOptions,
): Promise<OpenWatch | NoAnswer> {
  const seconds = Math.max(1, Math.round(timings.watchSeconds * (0.75 + random() / 4)));
  return client.watch(target, resourceVersion, seconds, options());
}

/** Takes in events until the watch ends, falls silent, or tells of an older state than what is known. */
async function readWatch(
  watch: OpenWatch,
  place: Place,
  { source, clock, timings, onEvent }: FollowDeps,
  onLine: () => void,
): Promise<{ readonly place: Place | null; readonly isFruitful: boolean }> {
  const { target } = place;
  const openedMs = performance.now();
  let { resourceVersion } = place;
  let isFruitful = false;
  let isSilent = false;
  const hush = () => {
    isSilent = true;
    watch.close();
  };
  let timer = setTimeout(hush, timings.idleMs);
  try {
    for await (const line of watch.lines) {
      clearTimeout(timer);
      timer = setTimeout(hush, timings.idleMs);
      if (line.type === "ERROR") {
        if (line.code === 410) return { place: null, isFruitful };
        throw new MeshlensError(
          "MESHLENS_ERR_SOURCE_STATUS",
          `${source} ended the watch of ${resourceName(target.kind)} with ${line.code}`,
          { source, status: line.code },
        );
      }
      if (isOlder(line.resourceVersion, resourceVersion)) return { place: null, isFruitful };
      isFruitful = true;
      onLine();
      resourceVersion = line.resourceVersion ?? resourceVersion;
      if (line.type !== "BOOKMARK") onEvent({ type: line.type, object: line.object, atMs: clock.nowMs() });
    }
  } finally {
    clearTimeout(timer);
    watch.close();
  }
  const livedMs = performance.now() - openedMs;
  return { place: { target, resourceVersion }, isFruitful: isFruitful || isSilent || livedMs > timings.firstPauseMs };
}

/** Versions grow; one that went back is of a server that was restored from a backup, or of one that lags behind. */
function isOlder(version: string | null, known: string): boolean {
  if (version === null || !/^\d{1,19}$/.test(version) || !/^\d{1,19}$/.test(known)) return false;
  return BigInt(version) < BigInt(known);
}

function isOfConnection({ code }: MeshlensError): boolean {
  return (
    code === "MESHLENS_ERR_SOURCE_UNREACHABLE" ||
    code === "MESHLENS_ERR_SOURCE_TIMEOUT" ||
    code === "MESHLENS_ERR_SOURCE_CIRCUIT_OPEN" ||
    code === "MESHLENS_ERR_SOURCE_RATE_LIMITED"
  );
}

function asError(thrown: unknown, source: string): MeshlensError {
  if (isMeshlensError(thrown)) return thrown;
  const message = `Following ${source} failed inside Meshlens`;
  return new MeshlensError("MESHLENS_ERR_INTERNAL", message, { source }, thrown);
}
