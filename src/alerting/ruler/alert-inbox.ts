/**
 * Where alerts of Alertmanager arrive: merged with what is known, written to the store, and only then accounted for; from there they move
 * incidents in the background, as often as it takes. Made by the composition root; called by the webhook's route and by whoever asks
 * Alertmanager itself.
 */
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import type { Severity } from "../../slo/burn-tier.js";
import type { Measurement } from "../../slo/measurement.js";
import type { Objective } from "../../slo/objective.js";
import type { IncidentRecord } from "../../store/alert-store.js";
import type { RulerStore } from "../../store/ruler-store.js";
import type { Clock } from "../../telemetry/clock.js";
import type { RulerAlert } from "../../telemetry/ruler-alert.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { Evaluator } from "../evaluator.js";
import { readIncidentFacts } from "../stored-alert.js";
import { alertSeverity, isForeignSubject, type SubjectTerms, subjectOf } from "./alert-subject.js";
import type { RulerWord } from "./draft-ruled.js";
import { keptAlert, storedAlert } from "./kept-alert.js";
import { alertKey, type KeptAlert, lateMs, mergeAlert } from "./merge-alert.js";
import { createSubjectBook, foreignAlert, type SubjectAlerts, wordsOf, worstOf } from "./subject-book.js";

/** What came of hearing. */
export interface HeardOutcome {
  readonly acceptedCount: number;
  /** Of services whoever told may not see. */
  readonly notVisibleCount: number;
  /** Nothing was taken: too much waits already, or too much fires. */
  readonly isFull: boolean;
}

/** The inbox. */
export interface AlertInbox {
  /** What fires as of the last stop; called once, before anything is heard. @throws MESHLENS_ERR_STORE_* */
  load(): Promise<void>;
  /** When it resolves, the alerts are stored. @throws MESHLENS_ERR_STORE_* and nothing was taken */
  hear(alerts: readonly RulerAlert[], visibility: Visibility): Promise<HeardOutcome>;
  /** Another copy heard alerts of these keys; null: of any. @throws MESHLENS_ERR_STORE_* */
  refresh(keys: readonly string[] | null): Promise<void>;
  /** The states are loaded: incidents may be moved. */
  begin(): void;
  /** Another copy moves incidents from now on; what was under way is over when it resolves. */
  end(): Promise<void>;
  /** After each evaluation: forgets what is over, and looks whether incidents and alerts agree. */
  tick(): void;
  /** Objectives are others than before. */
  objectivesChanged(): void;
  /** Alerts of an incident's objective, or of an incident of its own; null for none. */
  alertsOf(subjectId: string): SubjectAlerts | null;
  /** Whom alerts speak of. */
  subjectIds(): readonly string[];
  /** Alerts that fire, and subjects that wait for their incident to be moved. */
  counts(): { readonly firing: number; readonly waiting: number };
  close(): Promise<void>;
}

/** What it is made of. */
export interface InboxDeps {
  readonly store: RulerStore;
  /** Whether other copies hear alerts too: what they stored is read before anything is merged with it. */
  readonly isShared?: boolean;
  readonly evaluator: Pick<Evaluator, "rule" | "ruled" | "openIncidents">;
  readonly terms: () => SubjectTerms;
  /** The last measurement of an objective and the objective as it is now; null where there is none. */
  readonly statusOf: (
    objectiveId: string,
  ) => { readonly objective: Objective; readonly measurement: Measurement | null } | null;
  readonly clock: Clock;
  /** More firing alerts than this are not taken. */
  readonly mostAlerts: number;
  /** An alert that was not heard of for so long is over. */
  readonly forgetMs: number;
  /** Incidents could not be moved; it is tried again. */
  readonly onFailed: (error: unknown) => void;
}

const atOnce = 500;
const pageSize = 2_000;
const retryMs = 1_000;
/** Alertmanager tells group by group: much of what is told within this belongs together. */
const gatherMs = 100;

/** One. */
export function createAlertInbox(deps: InboxDeps): AlertInbox {
  const { store, isShared = false, evaluator, terms, statusOf, clock, mostAlerts, forgetMs, onFailed } = deps;
  const book = createSubjectBook(terms);
  const dirty = new Set<string>();
  const closing = new AbortController();
  let hasBegun = false;
  let draining: Promise<void> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work);
    last = done;
    return done;
  };

  async function take(heard: readonly RulerAlert[]): Promise<boolean> {
    if (isShared) await readAgain(heard.map(({ labels }) => alertKey(labels)));
    const nowMs = clock.nowMs();
    const merged = new Map<string, KeptAlert>();
    let firing = book.firingCount();
    for (const alert of heard) {
      const key = alertKey(alert.labels);
      const known = merged.get(key) ?? book.get(key);
      const next = mergeAlert(known, alert, nowMs);
      if (next === known) continue;
      firing += Number(next.endsAtMs === null) - Number(known !== null && known.endsAtMs === null);
      merged.set(key, next);
    }
    const isMore = firing > book.firingCount();
    if ((isMore && firing > mostAlerts) || dirty.size > mostAlerts) return false;
    const changed = [...merged.values()];
    if (changed.length === 0) return true;
    await store.hear(changed.map(storedAlert));
    for (const alert of changed) dirty.add(book.put(alert).id);
    // Whoever leads is told by the store, and looks for itself.
    if (isShared && !hasBegun) dirty.clear();
    drain();
    return true;
  }

  async function readAll(): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    const sinceMs = clock.nowMs() - lateMs;
    for (let after: string | null = null; ; ) {
      const page = await store.load({ after, limit: pageSize, sinceMs });
      for (const row of page) {
        book.put(keptAlert(row));
        keys.add(row.key);
      }
      after = page.at(-1)?.key ?? null;
      if (page.length < pageSize) return keys;
    }
  }

  async function readAgain(keys: readonly string[]): Promise<void> {
    for (const row of await store.byKeys(keys)) dirty.add(book.put(keptAlert(row)).id);
  }

  function drain(): void {
    if (!hasBegun || closing.signal.aborted || draining !== null) return;
    draining = moveIncidents().finally(() => {
      draining = null;
      if (dirty.size > 0) drain();
    });
  }

  async function moveIncidents(): Promise<void> {
    // Those who told are answered first, and a burst of them is taken together.
    await delay(gatherMs, undefined, { signal: closing.signal }).catch(() => {});
    while (hasBegun && dirty.size > 0 && !closing.signal.aborted) {
      // Others have their turn between two parts.
      await setImmediate();
      const ids = [...dirty].slice(0, atOnce);
      for (const id of ids) dirty.delete(id);
      const ruled = evaluator.ruled();
      const words = ids.flatMap((id) => wordOf(id, ruled.get(id) ?? null) ?? []);
      try {
        if (words.length > 0) await evaluator.rule(words, clock.nowMs());
        for (const key of words.flatMap(({ heard }) => heard)) {
          const alert = book.get(key);
          if (alert !== null) book.put({ ...alert, isNew: false });
        }
      } catch (error) {
        for (const id of ids) dirty.add(id);
        if (!hasBegun) return;
        onFailed(error);
        await delay(retryMs, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }

  /** What is to be said of a subject; null when nothing is new. */
  function wordOf(id: string, before: Severity | null): RulerWord | null {
    const group = book.of(id);
    if (group === null) return before === null ? null : forgotten(id);
    const { subject, alerts } = group;
    const { names } = terms();
    const severityOf = ({ labels }: KeptAlert) => alertSeverity(labels, names);
    const firing = alerts.filter(({ endsAtMs }) => endsAtMs === null);
    const fresh = alerts.filter(({ isNew }) => isNew);
    const now = worstOf(firing, severityOf);
    const peak = worstOf([...firing, ...fresh], severityOf);
    if (now === before && fresh.length === 0) return null;
    const status = subject.objective === null ? null : statusOf(id);
    const shown = firing.length > 0 ? firing : alerts;
    return {
      id,
      service: subject.service,
      name: subject.name,
      objective: status?.objective ?? subject.objective,
      measurement: status?.measurement ?? null,
      said: peak === now ? [now] : [peak, now],
      words: wordsOf(shown),
      alert: foreignAlert(shown),
      heard: fresh.map(({ key }) => key),
    };
  }

  /** The incident is open by the word of alerts that nobody knows any more: it ends. */
  function forgotten(id: string): RulerWord | null {
    const incident = openById().get(id);
    if (incident === undefined) return null;
    const { objectiveName, alert = { labels: {}, url: null } } = readIncidentFacts(incident);
    const status = isForeignSubject(id) ? null : statusOf(id);
    const { objective = null, measurement = null } = status ?? {};
    return {
      id,
      service: incident.service,
      name: objectiveName,
      objective,
      measurement,
      said: [null],
      words: "",
      alert,
      heard: [],
    };
  }

  function openById(): ReadonlyMap<string, IncidentRecord> {
    return new Map(evaluator.openIncidents().map((incident) => [incident.objectiveId, incident]));
  }

  function lookAtAll(): void {
    for (const id of book.subjectIds()) dirty.add(id);
    for (const id of evaluator.ruled().keys()) dirty.add(id);
    drain();
  }

  return {
    async load() {
      await readAll();
    },
    refresh: (keys) =>
      inTurn(async () => {
        if (keys !== null) await readAgain(keys);
        else {
          const known = await readAll();
          for (const { key } of [...book.alerts()]) if (!known.has(key)) book.delete(key);
        }
        if (!hasBegun) dirty.clear();
        else if (keys === null) lookAtAll();
        else drain();
      }),
    async hear(alerts, visibility) {
      const isSeen = (alert: RulerAlert) =>
        visibility.namespaces === "all" || canSee(visibility, subjectOf(alert.labels, terms()).service.namespace);
      const seen = alerts.filter(isSeen);
      const isTaken = await inTurn(() => take(seen));
      return {
        acceptedCount: isTaken ? seen.length : 0,
        notVisibleCount: alerts.length - seen.length,
        isFull: !isTaken,
      };
    },
    begin() {
      hasBegun = true;
      lookAtAll();
    },
    async end() {
      hasBegun = false;
      dirty.clear();
      await draining;
    },
    tick() {
      if (!hasBegun) return;
      const nowMs = clock.nowMs();
      const silent: RulerAlert[] = [];
      for (const alert of [...book.alerts()]) {
        if (alert.endsAtMs === null && nowMs - alert.heardAtMs > forgetMs) silent.push({ ...alert, endsAtMs: nowMs });
        else if (alert.endsAtMs !== null && !alert.isNew && nowMs - alert.heardAtMs > lateMs) book.delete(alert.key);
      }
      if (silent.length > 0) inTurn(() => take(silent)).catch(onFailed);
      lookAtAll();
    },
    objectivesChanged() {
      book.regroup();
      if (hasBegun) lookAtAll();
    },
    alertsOf: (subjectId) => book.of(subjectId),
    subjectIds: () => [...book.subjectIds()],
    counts: () => ({ firing: book.firingCount(), waiting: dirty.size }),
    async close() {
      closing.abort();
      await last.catch(() => {});
      await draining;
    },
  };
}
