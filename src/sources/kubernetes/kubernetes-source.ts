/** The Kubernetes API as a source of workloads: follows the kinds it reads and answers from memory. Made by the composition root. */
import { setMaxListeners } from "node:events";
import { isMeshlensError, MeshlensError } from "../../errors.js";
import type { StreamingHttpClient } from "../../http/http-client.js";
import type { Clock } from "../../telemetry/clock.js";
import { once } from "../../telemetry/once.js";
import type { CallOptions, SourceProbe } from "../../telemetry/source.js";
import type { ServiceHealth, WorkloadAnswer, WorkloadSource } from "../../telemetry/workload-source.js";
import type { ChangeJournal, JournalObject } from "../../workloads/change-journal.js";
import { createClusterState } from "../../workloads/cluster-state.js";
import { textAt } from "../../workloads/read-json.js";
import { counted } from "../../workloads/say.js";
import { createBearerToken } from "./bearer-token.js";
import { type FollowDeps, type FollowState, followKind } from "./follow-kind.js";
import { type FollowedObjectives, followObjectives } from "./follow-objectives.js";
import { inspectRights } from "./inspect-rights.js";
import { createInstalledKinds } from "./installed-kinds.js";
import { forbiddenKinds, standingOf } from "./kind-standing.js";
import { createKubernetesClient } from "./kubernetes-client.js";
import { objectiveKinds } from "./objective-kinds.js";
import { type Purpose, type ReadKind, readKinds } from "./read-kinds.js";
import { type WatchTimings, watchTimings } from "./watch-timings.js";

/** What it is and how much it keeps. */
export interface KubernetesSourceConfig {
  readonly name: string;
  readonly cluster: string | null;
  readonly isShard: boolean;
  /** Null: all. */
  readonly namespaces: readonly string[] | null;
  /** A file with the token of now; null where the client sends its own. */
  readonly tokenFile: string | null;
  /** Why it cannot be reached at all; null when it can. */
  readonly unusable: string | null;
  /** Changes older than this are forgotten. */
  readonly maxAgeMs: number;
  /** Changes kept in memory; the oldest make room first. */
  readonly maxChanges: number;
  /** Whether objects of Sloth, Pyrra and OpenSLO are read too. */
  readonly hasObjectives?: boolean;
}

/** What it works with; timings, random and pause are for tests. */
export interface KubernetesSourceDeps {
  readonly config: KubernetesSourceConfig;
  readonly http: StreamingHttpClient;
  readonly clock: Clock;
  readonly timings?: WatchTimings;
  readonly random?: () => number;
  readonly pause?: FollowDeps["pause"];
}

/** A source whose story can be kept. */
export interface KubernetesSource extends WorkloadSource {
  /** Before it is first asked: reads the story so far from the journal and writes it on. */
  keepIn(journal: ChangeJournal): void;
  /** Begins to follow the objects that hold objectives, until it is closed; nothing where it was not told to. */
  followObjectives(onChange: (now: FollowedObjectives) => void): void;
}

/** Reads nothing before it is first asked or probed; from then on until it is closed. */
export function createKubernetesSource(deps: KubernetesSourceDeps): KubernetesSource {
  const { config, http, clock, timings = watchTimings, random = Math.random, pause = realPause } = deps;
  const { name } = config;
  const client = createKubernetesClient({
    source: name,
    http,
    token: createBearerToken(name, config.tokenFile, clock),
    clock,
  });
  let journal: ChangeJournal | null = null;
  const state = createClusterState(config, {
    changed: (id, change) => journal?.changed(id, change),
    placed: (object) => journal?.placed(object),
    removed: (key) => journal?.removed(key),
  });
  const followed = targetsOf(readKinds, config.namespaces).map(([kind, namespace]) => ({
    kind,
    namespace,
    state: { at: "starting" } as FollowState,
  }));
  const closing = new AbortController();
  // Every kind's pauses and calls listen.
  setMaxListeners(0, closing.signal);
  let ended: Promise<unknown> = Promise.resolve();
  let following: Promise<void> = Promise.resolve();

  /** An earlier life may have read namespaces that this one does not: nobody would ever tell of their objects' end. */
  function isFollowed({ fields }: JournalObject): boolean {
    const { namespaces } = config;
    return namespaces === null || namespaces.includes(textAt(fields, "metadata", "namespace") ?? "");
  }

  /** Kinds share a breaker: one that is kept from asking tells why another failed. */
  let lastCause: MeshlensError | null = null;
  function causeOf(error: MeshlensError): MeshlensError {
    if (error.code !== "MESHLENS_ERR_SOURCE_CIRCUIT_OPEN") lastCause = error;
    return lastCause ?? error;
  }

  /** Starts to follow; resolves when each kind was read once, or could not be. */
  const start = once((): Promise<void> => {
    const installed = createInstalledKinds({ client, clock, keepMs: timings.absentMs / 2 });
    const loops: Promise<void>[] = [];
    const follow = (one: (typeof followed)[number]) =>
      new Promise<void>((settled) => {
        const { kind, namespace } = one;
        const loop = followKind(kind, namespace, {
          ...{ source: name, client, installed, clock, timings, random, pause },
          signal: closing.signal,
          onListed: (objects, atMs) => state.relist(kind, namespace, objects, atMs),
          onEvent: (event) => state.apply(event),
          onLost: () => state.forget(kind, namespace),
          onState(now) {
            one.state = now.at === "behind" ? { ...now, error: causeOf(now.error) } : now;
            settled();
          },
        });
        loops.push(loop.then(settled));
      });
    const inTurns = async () => {
      const known = await journal?.load();
      if (known !== undefined) state.restore(known.changes, known.objects.filter(isFollowed), clock.nowMs());
      for (const turn of [1, 2, 3]) await Promise.all(followed.filter(({ kind }) => kind.turn === turn).map(follow));
    };
    const started = inTurns();
    ended = started.then(() => Promise.all(loops));
    return started;
  });

  async function ready(call: CallOptions): Promise<void> {
    check(call);
    if (config.unusable !== null)
      throw new MeshlensError("MESHLENS_ERR_SOURCE_UNREACHABLE", `${name}: ${config.unusable}`, { source: name });
    await waitFor(start(), call);
    check(call);
  }

  /** Ends with the caller's patience, not with the start. */
  function waitFor(started: Promise<void>, call: CallOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        call.signal.removeEventListener("abort", leave);
      };
      const leave = () => {
        end();
        reject(abortedError(name));
      };
      const timer = setTimeout(() => {
        end();
        reject(
          new MeshlensError(
            "MESHLENS_ERR_SOURCE_TIMEOUT",
            `${name} is still reading its objects for the first time; ask again in a few seconds`,
            { source: name },
          ),
        );
      }, call.deadlineMs - clock.nowMs());
      call.signal.addEventListener("abort", leave, { once: true });
      void started.then(() => {
        end();
        resolve();
      });
    });
  }

  function check(call: CallOptions): void {
    if (call.signal.aborted || closing.signal.aborted) throw abortedError(name);
    if (call.deadlineMs <= clock.nowMs())
      throw new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", `${name} was asked too late`, { source: name });
  }

  async function answer<T>(
    operation: Purpose,
    query: string,
    call: CallOptions,
    read: () => readonly T[],
  ): Promise<WorkloadAnswer<readonly T[]>> {
    const startMs = clock.nowMs();
    let rows: number | null = null;
    try {
      await ready(call);
      const warnings = standingOf(name, followed, operation, clock.nowMs());
      const value = read();
      rows = value.length;
      return { value, warnings };
    } finally {
      const durationMs = clock.nowMs() - startMs;
      call.onUpstreamCall?.({ source: name, operation, query, rows, durationMs, isShared: false });
    }
  }

  /** Without a right to what runs, nothing found is not nothing there. */
  function honest(health: ServiceHealth | null): ServiceHealth | null {
    if (health === null || health.workloads.length > 0 || health.state !== "DOWN") return health;
    const unread = followed.some(
      ({ kind, state: { at } }) => kind.purposes.includes("health") && at !== "current" && at !== "absent",
    );
    if (!unread) return health;
    return {
      ...health,
      state: "UNKNOWN",
      reasons: ["nothing is known to run behind it, and not everything may be read"],
    };
  }

  /** A large cluster takes longer to read than a probe may take: then it tells how far that is. */
  async function readInTime(call: CallOptions): Promise<boolean> {
    const leftMs = call.deadlineMs - clock.nowMs();
    try {
      await ready({ ...call, deadlineMs: clock.nowMs() + leftMs * 0.8 });
      return true;
    } catch (error) {
      if (isMeshlensError(error) && error.code === "MESHLENS_ERR_SOURCE_TIMEOUT" && leftMs > 0) return false;
      throw error;
    }
  }

  async function probe(call: CallOptions): Promise<SourceProbe> {
    check(call);
    if (config.unusable !== null) await ready(call);
    const version = await client.version(call);
    const isRead = await readInTime(call);
    // A source that reads nothing is no source: its first error is the probe's.
    standingOf(name, followed, "services", clock.nowMs());
    const forbidden = forbiddenKinds(followed);
    const kinds = new Set(followed.flatMap(({ kind, state: { at } }) => (at === "current" ? [kind] : [])));
    const parts = [
      ...(isRead ? [] : ["still reading for the first time"]),
      `${counted(state.objectCount, "object")} of ${counted(kinds.size, "kind")}, ${counted(state.changeCount, "change")}`,
      ...(forbidden.length === 0 ? [] : [`may not read ${forbidden.join(", ")}`]),
    ];
    return { version, capabilities: meshesOf(kinds), found: parts.join("; ") };
  }

  return {
    name,
    kind: "kubernetes",
    cluster: config.cluster,
    isShard: config.isShard,
    keepIn(next) {
      journal = next;
    },
    followObjectives(onChange) {
      if (config.hasObjectives !== true || config.unusable !== null) return;
      const installed = createInstalledKinds({ client, clock, keepMs: timings.absentMs / 2, kinds: objectiveKinds });
      following = followObjectives({
        ...{ source: name, client, installed, clock, timings, random, pause, onChange },
        namespaces: config.namespaces,
        signal: closing.signal,
      });
    },
    services: (call) => answer("services", "", call, () => state.services()),
    health: (names, call) =>
      answer("health", JSON.stringify(names), call, () => names.map((one) => honest(state.health(one, clock.nowMs())))),
    changes: (names, window, call) =>
      answer("changes", JSON.stringify([names, window]), call, () => state.changes(names, window)),
    probe,
    async inspect(call) {
      check(call);
      if (config.unusable !== null) await ready(call);
      const kinds = config.hasObjectives === true ? [...readKinds, ...objectiveKinds] : readKinds;
      const installed = createInstalledKinds({ client, clock, keepMs: timings.absentMs, kinds });
      const clockSkewMs = await client.clockSkewMs(call);
      const rights = await inspectRights({ client, installed }, targetsOf(kinds, config.namespaces), call);
      return { clockSkewMs, findings: [rights] };
    },
    async close() {
      closing.abort();
      await http.close();
      await ended;
      await following;
    },
  };
}

/** Kinds of the whole cluster belong to no namespace and are left out where only some may be read. */
function targetsOf(
  kinds: readonly ReadKind[],
  namespaces: readonly string[] | null,
): readonly (readonly [ReadKind, string | null])[] {
  if (namespaces === null) return kinds.map((kind) => [kind, null]);
  return kinds
    .filter(({ isNamespaced }) => isNamespaced)
    .flatMap((kind) => namespaces.map((namespace): readonly [ReadKind, string] => [kind, namespace]));
}

function meshesOf(kinds: ReadonlySet<ReadKind>): readonly string[] {
  const groups = [...kinds].map(({ group }) => group);
  const words = [
    ["istio", /\.istio\.io$/],
    ["linkerd", /linkerd\.io$/],
    ["gateway-api", /^gateway\./],
  ] as const;
  return words.flatMap(([word, pattern]) => (groups.some((group) => pattern.test(group)) ? [word] : []));
}

function abortedError(source: string): MeshlensError {
  return new MeshlensError("MESHLENS_ERR_SOURCE_ABORTED", `The call to ${source} was given up`, { source });
}

function realPause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
