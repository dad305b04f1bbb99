/** What `meshlens check --deep` says of one thing: the words that adapters, the store and the room `inspection` share. */

/**
 * PASS: as it should be. WARN: Meshlens works with less. FAIL: a part of it does not work. UNKNOWN: it could not be found out, which is not
 * the same as fine.
 */
export type InspectionVerdict = "PASS" | "WARN" | "FAIL" | "UNKNOWN";

/** What is looked at, with what it is for; docs/reference/check.md is this table. */
export const inspectionTopics = {
  reachable: "Does it answer at all?",
  rights: "May Meshlens do what it needs: read the indices, list and watch the kinds?",
  metrics: "Which mesh's metrics are there, and are durations among them?",
  reporters: "Do the proxies of both ends of a call report, the caller's and the server's?",
  scrape: "How often are proxies scraped, against `scrapeInterval` and the shortest window of objectives?",
  cardinality: "How many series do requests and durations have?",
  shape: "Which shipper's documents are in the indices, and is the field of the instant a date?",
  "trace-ids":
    "Is there a field with trace ids, is it mapped as keyword, and how many of the last hour's lines have one?",
  services: "Are the services with traffic known to the trace backend by name?",
  sampling: "How many of the requests that metrics count have a trace?",
  freshness: "How old is the newest sample, line or span?",
  clock: "How far is its clock from Meshlens'?",
  retention: "How far back does it go, against the windows of objectives and the baselines of diagnosis?",
  store: "Can the store be written to, and of which version are its tables?",
  slack: "Do token, scopes and channels let alerts arrive?",
} as const;

/** One of the words above. */
export type InspectionTopic = keyof typeof inspectionTopics;

/** One finding: a sentence, and how to mend it. */
export interface Inspection {
  readonly topic: InspectionTopic;
  readonly verdict: InspectionVerdict;
  /** One sentence with what was seen. No secrets. */
  readonly message: string;
  /** What to do; null for PASS. */
  readonly remedy: string | null;
}

/** What an adapter finds out about its own backend beyond what its port tells. */
export interface SourceInspection {
  /** How far the backend's clock is ahead of ours, ms; null when it does not tell. */
  readonly clockSkewMs: number | null;
  /** Its oldest record, epoch ms; left out where only searches at several ages tell. */
  readonly oldestMs?: number;
  readonly findings: readonly Inspection[];
}

/** All is well. */
export function passed(topic: InspectionTopic, message: string): Inspection {
  return { topic, verdict: "PASS", message, remedy: null };
}

/** Something is amiss, or not known. */
export function amiss(
  topic: InspectionTopic,
  verdict: Exclude<InspectionVerdict, "PASS">,
  message: string,
  remedy: string,
): Inspection {
  return { topic, verdict, message, remedy };
}

/** Longest length that is said in a smaller unit. */
const mostOfUnit = 2;

/** `45 s`, `90 min`, `36 h`, `9 d`: a length of time as a person would say it, rounded down. */
export function lengthWords(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
  ] as const;
  const unit = units.find(([, unitMs]) => Math.abs(ms) >= mostOfUnit * unitMs);
  const [word, unitMs] = unit ?? ["s", 1_000];
  return `${Math.trunc(ms / unitMs)} ${word}`;
}
