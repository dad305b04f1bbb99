/**
 * One cluster as its watchers told it: the objects there are now and the changes on the way. Every source of workloads keeps one, feeds
 * it with events and answers its questions from it.
 */

import type { TimeWindow } from "../telemetry/time-window.js";
import type { NamespacedName, ServiceHealth, WorkloadChange } from "../telemetry/workload-source.js";
import type { ChangeJournal, JournalObject } from "./change-journal.js";
import { aimsOf, createAimMatcher } from "./changes/aim.js";
import { changedAt, createdAt, type LastWrite, lastWrite } from "./changes/change-date.js";
import { type ChangeLimits, createChangeKeeper, type KeptChange } from "./changes/change-keeper.js";
import { describeChange } from "./changes/describe-change.js";
import { eventChange } from "./changes/event-change.js";
import { restartChanges } from "./changes/restart-change.js";
import { rolloutHistory } from "./changes/rollout-history.js";
import { createClusterObjects } from "./cluster-objects.js";
import { serviceHealth } from "./health/service-health.js";
import { type KubeObject, kindOf, kubeObject, objectKey } from "./kube-object.js";
import { lastingFields, trimObject } from "./trim-object.js";
import type { WatchEvent } from "./watch-event.js";

/** What a source asks of it. */
export interface ClusterState {
  /** Takes in one event; what is no object it reads is passed over. Never throws. */
  apply(event: WatchEvent): void;
  /**
   * A whole list of one kind, of one namespace or of all (null), as `trimObject` leaves its objects: tells what came, was changed and
   * went since it was last known.
   */
  relist(
    kind: Pick<KubeObject, "group" | "kind">,
    namespace: string | null,
    listed: readonly KubeObject[],
    atMs: number,
  ): void;
  /** Lets go of a kind that can be read no longer: nothing is told of its end. */
  forget(kind: Pick<KubeObject, "group" | "kind">, namespace: string | null): void;
  /** What was known in an earlier life: lists compare with it, nothing of it is told again. */
  restore(changes: readonly KeptChange[], known: readonly JournalObject[], nowMs: number): void;
  services(): readonly NamespacedName[];
  /** Null for a name that is no Service. */
  health(name: NamespacedName, nowMs: number): ServiceHealth | null;
  /** What touched any of the services within the window, newest first. */
  changes(names: readonly NamespacedName[], window: TimeWindow): readonly WorkloadChange[];
  readonly objectCount: number;
  readonly changeCount: number;
}

/** Kinds that change all the time by themselves. */
const untoldKinds: ReadonlySet<string> = new Set(["/Pod", "apps/ReplicaSet", "discovery.k8s.io/EndpointSlice"]);

/** Told of what is kept; see change-journal.ts. */
export type StateObserver = Pick<ChangeJournal, "changed" | "placed" | "removed">;

/** An empty one. */
export function createClusterState(limits: ChangeLimits, observer?: StateObserver): ClusterState {
  const objects = createClusterObjects();
  const keeper = createChangeKeeper(limits);
  /** When each workload's object was first told: what is older is read from its revisions. */
  const firstToldMs = new Map<string, number>();

  function add(change: KeptChange, nowMs: number): void {
    const kept = keeper.add(change, nowMs);
    if (kept !== null) observer?.changed(changeId(kept), kept);
  }

  function journal(object: KubeObject, atMs: number): void {
    if (observer === undefined) return;
    const firstMs = firstToldMs.get(`${object.namespace}/${object.name}`) ?? atMs;
    observer.placed({ key: journalKey(object), fields: lastingFields(object.fields), firstToldMs: firstMs });
  }

  function keep(
    before: KubeObject | null,
    after: KubeObject | null,
    { atMs, manager }: LastWrite,
    nowMs: number,
  ): boolean {
    const object = after ?? before;
    if (object === null || atMs < nowMs - limits.maxAgeMs) return false;
    const text = describeChange(before, after);
    if (text === null) return false;
    const by = manager === null ? [] : [`by ${manager}`];
    const detail = [...(text.detail === null ? [] : [text.detail]), ...by];
    const { kind, namespace, name } = object;
    const facts = { key: null, atMs, firstMs: atMs, kind, namespace, name, summary: text.summary };
    const aims = [
      ...(before === null ? [] : aimsOf(before, objects)),
      ...(after === null ? [] : aimsOf(after, objects)),
    ];
    add({ ...facts, detail: detail.length === 0 ? null : detail.join("\n"), aims }, nowMs);
    return true;
  }

  function added(object: KubeObject, atMs: number): void {
    const createdAtMs = createdAt(object);
    const last = lastWrite(object);
    if (kindOf(object) === "apps/Deployment") firstToldMs.set(`${object.namespace}/${object.name}`, atMs);
    const madeAtMs = Math.min(createdAtMs ?? atMs, atMs);
    keep(null, object, { atMs: madeAtMs, manager: last !== null && last.atMs <= madeAtMs ? last.manager : null }, atMs);
    const isChangedSince =
      createdAtMs !== null && last !== null && last.atMs > createdAtMs + 1_000 && last.atMs <= atMs;
    // A Deployment's earlier versions are in its ReplicaSets.
    if (!isChangedSince || object.group === "apps") return;
    const now = describeChange(null, object)?.summary.replace(/^created(: )?/, "") ?? "";
    const { kind, namespace, name } = object;
    add(
      {
        key: null,
        atMs: last.atMs,
        firstMs: last.atMs,
        kind,
        namespace,
        name,
        summary: `changed, from what is not known${now === "" ? "" : `; now ${now}`}`,
        detail: last.manager === null ? null : `by ${last.manager}`,
        aims: aimsOf(object, objects),
      },
      atMs,
    );
  }

  function removed(object: KubeObject, atMs: number): void {
    if (!untoldKinds.has(kindOf(object))) {
      keep(object, null, { atMs, manager: null }, atMs);
      observer?.removed(journalKey(object));
    }
    if (kindOf(object) === "apps/Deployment") firstToldMs.delete(`${object.namespace}/${object.name}`);
  }

  function apply({ type, object: raw, atMs }: WatchEvent): void {
    const object = trimObject(raw);
    if (object !== null && Number.isFinite(atMs)) place(type, object, atMs);
  }

  /** Takes in an object that is trimmed. */
  function place(type: WatchEvent["type"], object: KubeObject, atMs: number): void {
    if (object.kind === "Event") {
      const change = type === "DELETED" ? null : eventChange(object, objects, atMs);
      if (change !== null) add(change, atMs);
      return;
    }
    if (type === "DELETED") {
      removed(objects.remove(object) ?? object, atMs);
      return;
    }
    const before = objects.put(object);
    if (object.kind === "Pod") {
      for (const change of restartChanges(before, object, objects, atMs)) add(change, atMs);
    }
    if (untoldKinds.has(kindOf(object))) return;
    if (before === null) added(object, atMs);
    const isTold = before !== null && keep(before, object, changedAt(before, object, atMs), atMs);
    if (before === null || isTold) journal(object, atMs);
  }

  const known = (kind: Pick<KubeObject, "group" | "kind">, namespace: string | null) =>
    namespace === null ? [...objects.listAll(kindOf(kind))] : [...objects.list(kindOf(kind), namespace)];

  return {
    apply,

    relist(kind, namespace, listed, atMs) {
      const keys = new Set(listed.map(objectKey));
      for (const object of known(kind, namespace)) if (!keys.has(objectKey(object))) place("DELETED", object, atMs);
      for (const object of listed) place("ADDED", object, atMs);
    },

    forget(kind, namespace) {
      for (const object of known(kind, namespace)) objects.remove(object);
    },

    restore(changes, known, nowMs) {
      for (const change of changes) keeper.add(change, nowMs);
      for (const { fields, firstToldMs: firstMs } of known) {
        const object = kubeObject(fields);
        if (object === null) continue;
        objects.put(object);
        if (kindOf(object) === "apps/Deployment") firstToldMs.set(`${object.namespace}/${object.name}`, firstMs);
      }
    },

    services: () =>
      [...objects.listAll("/Service")].flatMap(({ namespace, name }) =>
        namespace === null ? [] : [{ namespace, name }],
      ),

    health(name, nowMs) {
      const service = objects.get("/Service", name.namespace, name.name);
      return service === null ? null : serviceHealth(service, objects, nowMs);
    },

    changes(names, window) {
      const servicesOf = createAimMatcher(names, objects);
      const found: WorkloadChange[] = [];
      const take = (change: KeptChange) => {
        const atMs = dateWithin(change, window);
        const services = atMs === null ? [] : servicesOf(change.aims);
        if (atMs === null || services.length === 0) return;
        const { kind, namespace, name, summary, detail } = change;
        const nature = change.key === null ? "CHANGED" : "BEFELL";
        found.push({ id: changeId(change), atMs, nature, kind, namespace, name, summary, detail, services });
      };
      for (const change of keeper.all()) take(change);
      for (const change of rolloutHistory(objects, firstToldMs, names, window)) take(change);
      return found.sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? -1 : 1));
    },

    get objectCount() {
      return objects.count;
    },
    get changeCount() {
      return keeper.count;
    },
  };
}

/** The same in every process where the object dates the change. */
function changeId({ kind, namespace, name, key, summary, firstMs }: KeptChange): string {
  return `${kind} ${namespace ?? ""}/${name} ${key ?? summary} ${firstMs}`;
}

function journalKey(object: KubeObject): string {
  return `${kindOf(object)} ${object.namespace ?? ""}/${object.name}`;
}

/** The instant of a change that lies in the window: the last time, else the first; null when neither does. */
function dateWithin({ atMs, firstMs }: KeptChange, { fromMs, toMs }: TimeWindow): number | null {
  if (atMs > fromMs && atMs <= toMs) return atMs;
  return firstMs > fromMs && firstMs <= toMs ? firstMs : null;
}
