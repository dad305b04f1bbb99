/** The alerts of Alertmanager in memory, by the incident they belong to. Kept by the inbox. */
import type { Severity } from "../../slo/burn-tier.js";
import { redact } from "../gathering/redact.js";
import type { ForeignAlert } from "../stored-alert.js";
import { type AlertSubject, type SubjectTerms, subjectOf } from "./alert-subject.js";
import type { KeptAlert } from "./merge-alert.js";

/** All that is said about one subject. */
export interface SubjectAlerts {
  readonly subject: AlertSubject;
  readonly alerts: readonly KeptAlert[];
}

/** The book. */
export interface SubjectBook {
  get(key: string): KeptAlert | null;
  /** Adds or replaces; says whom it is about. */
  put(alert: KeptAlert): AlertSubject;
  delete(key: string): void;
  /** Null for a subject of no alert. */
  of(subjectId: string): SubjectAlerts | null;
  subjectIds(): Iterable<string>;
  alerts(): Iterable<KeptAlert>;
  /** Alerts that fire. */
  firingCount(): number;
  /** Finds every subject anew, because what decides it has changed. */
  regroup(): void;
}

/** An empty book. */
export function createSubjectBook(terms: () => SubjectTerms): SubjectBook {
  const entries = new Map<string, { readonly alert: KeptAlert; readonly subject: AlertSubject }>();
  let groups = new Map<string, Set<string>>();
  let firing = 0;

  function leave(key: string): void {
    const known = entries.get(key);
    if (known === undefined) return;
    entries.delete(key);
    if (known.alert.endsAtMs === null) firing -= 1;
    const group = groups.get(known.subject.id);
    group?.delete(key);
    if (group?.size === 0) groups.delete(known.subject.id);
  }

  function put(alert: KeptAlert): AlertSubject {
    const subject = entries.get(alert.key)?.subject ?? subjectOf(alert.labels, terms());
    leave(alert.key);
    entries.set(alert.key, { alert, subject });
    if (alert.endsAtMs === null) firing += 1;
    const group = groups.get(subject.id) ?? new Set();
    group.add(alert.key);
    groups.set(subject.id, group);
    return subject;
  }

  return {
    get: (key) => entries.get(key)?.alert ?? null,
    put,
    delete: leave,
    of(subjectId) {
      const found = [...(groups.get(subjectId) ?? [])].flatMap((key) => entries.get(key) ?? []);
      const subject = found[0]?.subject;
      return subject === undefined ? null : { subject, alerts: found.map(({ alert }) => alert) };
    },
    subjectIds: () => groups.keys(),
    *alerts() {
      for (const { alert } of entries.values()) yield alert;
    },
    firingCount: () => firing,
    regroup() {
      const alerts = [...entries.values()].map(({ alert }) => alert);
      entries.clear();
      groups = new Map();
      firing = 0;
      for (const alert of alerts) put(alert);
    },
  };
}

/** The worst of some alerts; null of none. */
export function worstOf(alerts: readonly KeptAlert[], severityOf: (alert: KeptAlert) => Severity): Severity | null {
  if (alerts.length === 0) return null;
  return alerts.some((alert) => severityOf(alert) === "PAGE") ? "PAGE" : "TICKET";
}

const mostLabels = 40;
const mostText = 300;

/** What is kept of alerts of their own in their incident. */
export function foreignAlert(alerts: readonly KeptAlert[]): ForeignAlert {
  const [first, ...others] = alerts;
  const shared = Object.entries(first?.labels ?? {}).filter(
    ([name, value]) => value.length <= mostText && others.every(({ labels }) => labels[name] === value),
  );
  return {
    labels: Object.fromEntries(shared.slice(0, mostLabels)),
    url: alerts.at(-1)?.generatorUrl ?? null,
  };
}

const told = ["summary", "message", "title", "description"] as const;

/** What the alerts say of themselves, for people: one line, without secrets. */
export function wordsOf(alerts: readonly KeptAlert[]): string {
  const [first] = alerts;
  const annotation = told.map((name) => first?.annotations[name] ?? "").find((text) => text.trim() !== "") ?? "";
  const line = redact(annotation.slice(0, 2 * mostText).replace(/[\s\p{Cc}]+/gu, " "))
    .trim()
    .slice(0, mostText);
  return alerts.length > 1 ? `${line === "" ? "" : `${line} `}(${alerts.length} alerts)` : line;
}
