/**
 * Services whose calls follow closed forms, with what must be said about them: one table for the evaluation in process, backtests over
 * memory and backtests over real servers. Times are after the moment at which something happens (0).
 */
import type { AlertTransition } from "../../src/alerting/alert-state.js";
import type { Objective } from "../../src/slo/objective.js";
import { type Cumulative, calls, dayMs, hourMs, minuteMs, secondMs, steady, stepMs } from "./alert-stream.js";
import { expectedOutage, type Outage, stepOutages } from "./closed-form.js";

/** What of a transition a case is about. */
export type ToldTransition = Pick<
  AlertTransition,
  "atMs" | "to" | "severity" | "goodCount" | "totalCount" | "incidentId"
>;

/** How the counters are seen. */
export interface Scraping {
  /** Counters start again at 0 at these instants. */
  readonly resetsMs?: readonly number[];
  /** No scrapes within (from, to). */
  readonly gap?: readonly [fromMs: number, toMs: number];
  /** Scrapes within (from, to) find NaN. */
  readonly broken?: readonly [fromMs: number, toMs: number];
  /** The target is there before, the series are not. */
  readonly bornMs?: number;
  /** Nothing is scraped from then on. */
  readonly goneMs?: number;
}

/** One service. */
export interface ClosedFormCase {
  readonly service: string;
  readonly counts: Cumulative;
  readonly scraping: Scraping;
  /** How long it is looked at. */
  readonly lengthMs: number;
  /** What is wrong about the transitions; null when all is right. */
  readonly fault: (transitions: readonly ToldTransition[], objective: Objective) => string | null;
}

/** How far back traffic goes: past the longest window. */
export const historyMs = 3.25 * dayMs;

const flow = 50;

function outageOf([share, lengthMs]: Outage): Cumulative {
  return steady([
    { fromMs: 0, perSecond: flow, errorRatio: 0 },
    { fromMs: 0, perSecond: flow, errorRatio: share },
    { fromMs: lengthMs, perSecond: flow, errorRatio: 0 },
  ]);
}

/** What is wrong about the transitions of a step outage. */
export function outageFault(outage: Outage, objective: Objective, told: readonly ToldTransition[]): string | null {
  const wanted = expectedOutage(objective, outage);
  if (wanted === null) return told.length === 0 ? null : `${told.length} transitions of an outage that trips nothing`;
  const recoverMs = Math.max(wanted.recoverMs, wanted.fireMs);
  const times = { FIRING: wanted.fireMs, RECOVERING: recoverMs, RESOLVED: wanted.resolveMs };
  for (const [state, wantedMs] of Object.entries(times)) {
    const atMs = told.find(({ to }) => to === state)?.atMs;
    // An evaluation sees an instant at the first step at or after it.
    if (atMs === undefined || atMs < wantedMs - stepMs || atMs > wantedMs + stepMs + 1) {
      return `${state} at ${atMs === undefined ? "no time" : atMs / 1000} s, not ${wantedMs / 1000}`;
    }
  }
  const first = told.find(({ to }) => to === "FIRING")?.severity;
  if (first !== wanted.first) return `fires as ${first}, not ${wanted.first}`;
  if (told.some(({ severity }) => severity === "PAGE") !== wanted.hasPage) return "a page where none is due, or none";
  const incidents = new Set(told.map(({ incidentId }) => incidentId)).size;
  if (incidents !== 1) return `${incidents} incidents`;
  return told.at(-1)?.to === "RESOLVED" ? null : "it does not end";
}

const quiet: ClosedFormCase["fault"] = (told) =>
  told.length === 0 ? null : `must be quiet: ${told.map(({ to, atMs }) => `${to} at ${atMs / 1000} s`).join(", ")}`;

const like =
  (outage: Outage): ClosedFormCase["fault"] =>
  (told, objective) =>
    outageFault(outage, objective, told);

/** The steps a ladder must have, in order. */
const ladderIs =
  (...wanted: readonly string[]): ClosedFormCase["fault"] =>
  (told) => {
    const found = told.map(({ to, severity }) => `${to} ${severity}`);
    return found.join() === wanted.join() ? null : `${found.join(", ") || "nothing"} instead of ${wanted.join(", ")}`;
  };

/** One call every so often from long before on; those in [failFromMs, failToMs] fail. */
function rare(everyMs: number, failFromMs: number, failToMs: number): Cumulative {
  const first = Math.ceil(-historyMs / everyMs);
  const list = Array.from({ length: Math.ceil((historyMs + 2 * dayMs) / everyMs) }, (_, i) => (first + i) * everyMs);
  return calls(list.map((atMs) => ({ atMs, isFailed: atMs >= failFromMs && atMs <= failToMs })));
}

const plain = { scraping: {}, lengthMs: 4 * hourMs };

/** Beside the step outages. */
const stories: readonly ClosedFormCase[] = [
  { ...plain, service: "constant", counts: steady([{ fromMs: 0, perSecond: flow, errorRatio: 0 }]), fault: quiet },
  {
    ...plain,
    service: "within-budget",
    counts: steady([{ fromMs: 0, perSecond: flow, errorRatio: 0.00099 }]),
    fault: quiet,
  },
  { ...plain, service: "low-traffic", counts: rare(5 * minuteMs, 0, 0), fault: quiet },
  {
    ...plain,
    service: "low-traffic-all-fail",
    counts: rare(minuteMs, 0, Number.POSITIVE_INFINITY),
    // The fifth failure comes at 4 min; the offset and `for` on top.
    fault: (told) => {
      const atMs = told.find(({ to }) => to === "FIRING")?.atMs ?? Number.NaN;
      return Math.abs(atMs - (4 * minuteMs + 30 * secondMs + minuteMs)) <= stepMs ? null : `fires at ${atMs / 1000} s`;
    },
  },
  {
    ...plain,
    service: "idle",
    counts: steady([
      { fromMs: 0, perSecond: flow, errorRatio: 0 },
      { fromMs: 0, perSecond: 0, errorRatio: 0 },
    ]),
    fault: quiet,
  },
  {
    ...plain,
    service: "never-called",
    counts: () => ({ failed: 0, total: 0 }),
    fault: quiet,
  },
  {
    ...plain,
    service: "vanished-while-failing",
    counts: outageOf([1, Number.POSITIVE_INFINITY]),
    scraping: { goneMs: 10 * minuteMs },
    fault: ladderIs("PENDING PAGE", "FIRING PAGE"),
  },
  {
    ...plain,
    service: "born-with-78-errors",
    counts: (atMs) => (atMs < 0 ? { failed: 0, total: 0 } : { failed: 78, total: 78 }),
    scraping: { bornMs: 0 },
    fault: (told) => {
      const fired = told.find(({ to }) => to === "FIRING");
      if (fired?.totalCount !== 78 || fired.goodCount !== 0) return `fires on ${fired?.totalCount} calls`;
      return Math.abs(fired.atMs - (30 * secondMs + minuteMs)) <= stepMs ? null : `fires at ${fired.atMs / 1000} s`;
    },
  },
  {
    ...plain,
    service: "restarting",
    lengthMs: 10 * hourMs,
    counts: outageOf([0.1, 25 * minuteMs]),
    scraping: { resetsMs: [-7, 3, 9, 16, 22, 31, 40].map((minute) => minute * minuteMs + 2 * secondMs) },
    fault: like([0.1, 25 * minuteMs]),
  },
  {
    ...plain,
    service: "scrape-gap-while-failing",
    lengthMs: 70 * minuteMs,
    counts: outageOf([1, 60 * minuteMs]),
    scraping: { gap: [20 * minuteMs, 45 * minuteMs] },
    fault: (told) => {
      const fired = told.filter(({ to }) => to === "FIRING").length;
      const incidents = new Set(told.map(({ incidentId }) => incidentId)).size;
      return fired === 1 && incidents === 1 ? null : `fires ${fired} times in ${incidents} incidents`;
    },
  },
  {
    ...plain,
    service: "nan-while-failing",
    lengthMs: 70 * minuteMs,
    counts: outageOf([1, 60 * minuteMs]),
    scraping: { broken: [20 * minuteMs, 45 * minuteMs] },
    fault: (told) => {
      const kinds = told.map(({ to, severity }) => `${to} ${severity}`).join(", ");
      return kinds.startsWith("PENDING PAGE, FIRING PAGE") &&
        kinds.split("FIRING").length === 2 &&
        !kinds.includes("RESOLVED")
        ? null
        : kinds;
    },
  },
  {
    ...plain,
    service: "nan-while-well",
    counts: steady([{ fromMs: 0, perSecond: flow, errorRatio: 0.0005 }]),
    scraping: { broken: [20 * minuteMs, 45 * minuteMs] },
    fault: quiet,
  },
  {
    ...plain,
    service: "scrape-gap",
    counts: steady([{ fromMs: 0, perSecond: flow, errorRatio: 0.0005 }]),
    scraping: { gap: [20 * minuteMs, 45 * minuteMs] },
    fault: quiet,
  },
  { ...plain, service: "spike", counts: outageOf([1, 40 * secondMs]), fault: quiet },
  {
    ...plain,
    service: "drop",
    counts: steady([
      { fromMs: 0, perSecond: 2 * flow, errorRatio: 0.0005 },
      { fromMs: 0, perSecond: 1, errorRatio: 0.0005 },
    ]),
    fault: quiet,
  },
  {
    ...plain,
    service: "flapping",
    // Around the page threshold, five minutes above and five below: without hysteresis some twelve changes an hour.
    counts: steady([
      { fromMs: 0, perSecond: flow, errorRatio: 0.0144 },
      ...Array.from({ length: 48 }, (_, i) => ({
        fromMs: i * 5 * minuteMs,
        perSecond: flow,
        errorRatio: 0.0144 + (i % 2 === 0 ? 0.003 : -0.003),
      })),
    ]),
    fault: (told) => {
      const during = told.filter(({ atMs }) => atMs > 0).length;
      return during <= 8 ? null : `${during} transitions in four hours`;
    },
  },
];

/** All cases whose outage is at most `longestMs`. */
export function closedFormCases(longestMs: number): readonly ClosedFormCase[] {
  const outages = stepOutages.filter(([, lengthMs]) => lengthMs <= longestMs);
  return [
    ...stories,
    ...outages.map((outage) => ({
      service: `outage-${outage[0] * 1000}-permille-${outage[1] / 1000}s`,
      counts: outageOf(outage),
      scraping: {},
      lengthMs: outage[1] + 8 * hourMs,
      fault: like(outage),
    })),
  ];
}
