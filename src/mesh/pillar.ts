/**
 * How several sources give one answer: clusters are joined, replicas stand in for each other, shards are all needed, and a slow or dead
 * source costs its own part only. Every read of this room goes through askSources, which keeps deadline, abort and latency in one place.
 */
import { isMeshlensError, MeshlensError } from "../errors.js";
import type { Clock } from "../telemetry/clock.js";
import type { CallOptions, Source, SourceKind, SourceState, SourceStatus } from "../telemetry/source.js";
import { stateOfError } from "../telemetry/source.js";
import type { Pillar } from "./mesh.js";

/** What one source says; with warnings it counts as DEGRADED. */
export interface SourceAnswer<T> {
  readonly value: T;
  readonly warnings: readonly string[];
}

/** All sources' answers to one question. */
export interface Asked<S extends Source, T> {
  /** Answers in the order of the sources; a replica that was not needed has none. */
  readonly answers: readonly { readonly source: S; readonly value: T }[];
  /** One per source, in order. */
  readonly statuses: readonly SourceStatus[];
  /** One per dead source when not one source answered, else empty. */
  readonly errors: readonly MeshlensError[];
}

type Outcome<T> = { readonly latencyMs: number } & (
  | { readonly answer: SourceAnswer<T> }
  | { readonly error: MeshlensError }
);

interface Reply<S, T> {
  readonly source: S;
  readonly status: SourceStatus;
  readonly value?: T;
  readonly error?: MeshlensError;
}

/**
 * Asks the sources in parallel. Sources of one kind and cluster are replicas, asked one after the other until one answers, each with its
 * share of the time that is left; shards (`isShard`) are all asked. Never throws: what `ask` throws becomes the source's state.
 */
export async function askSources<S extends Source, T>(
  sources: readonly S[],
  options: CallOptions,
  clock: Clock,
  ask: (source: S, options: CallOptions) => Promise<SourceAnswer<T>>,
): Promise<Asked<S, T>> {
  const groups = await Promise.all(replicaGroups(sources).map((group) => askReplicas(group, options, clock, ask)));
  const replyOf = new Map(groups.flat().map((reply) => [reply.source, reply]));
  const replies = sources.flatMap((source) => replyOf.get(source) ?? []);
  const answers = replies.flatMap(({ source, value }) => (value === undefined ? [] : [{ source, value }]));
  const errors = answers.length > 0 ? [] : replies.flatMap((reply) => reply.error ?? []);
  return { answers, statuses: replies.map((reply) => reply.status), errors };
}

/** A pillar of the answers, joined by `join`; null when there is no answer. */
export function pillarOf<S extends Source, A, T>(
  asked: Asked<S, A>,
  join: (answers: readonly { readonly source: S; readonly value: A }[]) => T | null,
): Pillar<T> {
  return {
    value: asked.answers.length === 0 ? null : join(asked.answers),
    sources: asked.statuses,
    errors: asked.errors,
  };
}

/** The same pillar with another value; a null value stays null. */
export function mapPillar<A, T>(pillar: Pillar<A>, map: (value: A) => T | null): Pillar<T> {
  return { ...pillar, value: pillar.value === null ? null : map(pillar.value) };
}

/** Pillars of parts of one answer, in order, as one: null when one of them is, with its errors. */
export function allPillars<T>(pillars: readonly Pillar<T>[]): Pillar<readonly T[]> {
  const values = pillars.flatMap(({ value }) => (value === null ? [] : [value]));
  return {
    value: values.length < pillars.length ? null : values,
    sources: mergeStatuses(...pillars.map(({ sources }) => sources)),
    errors: pillars.find(({ value }) => value === null)?.errors ?? [],
  };
}

/** The pillar of a kind of source of which none is configured. */
export function notConfigured(kind: SourceKind, what: string): Pillar<never> {
  const message = `No source for ${what} is configured; add one of kind ${kind} under sources.`;
  return {
    value: null,
    sources: [{ name: kind, kind, state: "NOT_CONFIGURED", latencyMs: null, message }],
    errors: [],
  };
}

const severity: readonly SourceState[] = [
  "OK",
  "NOT_CONFIGURED",
  "DEGRADED",
  "RATE_LIMITED",
  "TIMEOUT",
  "UNAUTHORIZED",
  "UNAVAILABLE",
];

/** Statuses of several calls of one answer as one per source: its worst state, its slowest call, the worst state's message. */
export function mergeStatuses(...lists: readonly (readonly SourceStatus[])[]): readonly SourceStatus[] {
  const merged = new Map<string, SourceStatus>();
  for (const status of lists.flat()) {
    const known = merged.get(status.name);
    merged.set(status.name, known === undefined ? status : worseOf(known, status));
  }
  return [...merged.values()];
}

function worseOf(a: SourceStatus, b: SourceStatus): SourceStatus {
  const worse = severity.indexOf(b.state) > severity.indexOf(a.state) ? b : a;
  const latencies = [a.latencyMs, b.latencyMs].filter((latency) => latency !== null);
  return { ...worse, latencyMs: latencies.length === 0 ? null : Math.max(...latencies) };
}

/** Sources that stand in for each other, in the order of configuration; a shard stands alone. */
export function replicaGroups<S extends Source>(sources: readonly S[]): readonly (readonly S[])[] {
  const groups = new Map<string, S[]>();
  for (const source of sources) {
    const key = source.isShard ? `shard ${source.name}` : `${source.kind} ${source.cluster ?? "default"}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [source]);
    else group.push(source);
  }
  return [...groups.values()];
}

async function askReplicas<S extends Source, T>(
  group: readonly S[],
  options: CallOptions,
  clock: Clock,
  ask: (source: S, options: CallOptions) => Promise<SourceAnswer<T>>,
): Promise<readonly Reply<S, T>[]> {
  const replies: Reply<S, T>[] = [];
  for (const [index, source] of group.entries()) {
    const nowMs = clock.nowMs();
    const shareMs = Math.max(0, options.deadlineMs - nowMs) / (group.length - index);
    const outcome = await askOne(source, { ...options, deadlineMs: nowMs + shareMs }, clock, ask);
    replies.push(replyOf(source, outcome));
    if ("answer" in outcome) {
      const unasked = group.slice(index + 1).map((replica) => ({
        source: replica,
        status: { name: replica.name, kind: replica.kind, state: "OK" as const, latencyMs: null, message: null },
      }));
      return [...replies, ...unasked];
    }
  }
  return replies;
}

function replyOf<S extends Source, T>(source: S, outcome: Outcome<T>): Reply<S, T> {
  const base = { name: source.name, kind: source.kind, latencyMs: outcome.latencyMs };
  if ("error" in outcome) {
    const { error } = outcome;
    return { source, error, status: { ...base, state: stateOfError(error), message: error.message } };
  }
  const { value, warnings } = outcome.answer;
  const isWhole = warnings.length === 0;
  const message = isWhole ? null : warnings.join("; ");
  return { source, value, status: { ...base, state: isWhole ? "OK" : "DEGRADED", message } };
}

/** One call that ends at its deadline or abort even when the adapter does not. */
async function askOne<S extends Source, T>(
  source: S,
  options: CallOptions,
  clock: Clock,
  ask: (source: S, options: CallOptions) => Promise<SourceAnswer<T>>,
): Promise<Outcome<T>> {
  const startMs = clock.nowMs();
  const call = new AbortController();
  const guard = endOf(source, options, startMs, call);
  try {
    const answer = await Promise.race([ask(source, { ...options, signal: call.signal }), guard.promise]);
    return { answer, latencyMs: clock.nowMs() - startMs };
  } catch (error) {
    call.abort();
    return { error: asMeshlensError(source, error), latencyMs: clock.nowMs() - startMs };
  } finally {
    guard.release();
  }
}

/** A promise that rejects when the time is up or the client has gone, which ends the call; `release` ends its timer and listener. */
function endOf(source: Source, options: CallOptions, nowMs: number, call: AbortController) {
  let release = () => {};
  const promise = new Promise<never>((_, reject) => {
    const limitMs = Math.max(0, options.deadlineMs - nowMs);
    const timeout = () =>
      reject(
        new MeshlensError(
          "MESHLENS_ERR_SOURCE_TIMEOUT",
          `Source "${source.name}" did not answer within ${Math.round(limitMs)} ms; ask for a shorter range or allow more time.`,
          { source: source.name },
        ),
      );
    const aborted = () => {
      call.abort(options.signal.reason);
      reject(
        new MeshlensError("MESHLENS_ERR_SOURCE_ABORTED", `The call to source "${source.name}" was given up.`, {
          source: source.name,
        }),
      );
    };
    if (options.signal.aborted) return aborted();
    const timer = setTimeout(timeout, limitMs);
    options.signal.addEventListener("abort", aborted, { once: true });
    release = () => {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", aborted);
    };
  });
  promise.catch(() => {});
  return { promise, release: () => release() };
}

function asMeshlensError(source: Source, error: unknown): MeshlensError {
  if (isMeshlensError(error)) return error;
  return new MeshlensError(
    "MESHLENS_ERR_INTERNAL",
    `Reading source "${source.name}" failed inside Meshlens; the server's log has the cause.`,
    { source: source.name },
    error,
  );
}
