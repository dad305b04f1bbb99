/** The entry of the room: evidence in, suspects with reasons out. Called by whoever gathered the evidence. */
import { once } from "../telemetry/once.js";
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import type { TimeWindow } from "../telemetry/time-window.js";
import { usualErrors } from "./background.js";
import { connectedCalls, countedCalls, type End, tracedCalls } from "./call-facts.js";
import type { Diagnosis, WindowSummary } from "./diagnosis.js";
import { draftGraph } from "./draft-graph.js";
import { learnExpectation } from "./expectation.js";
import { findGaps } from "./find-gaps.js";
import type { IncidentEvidence, WindowEvidence } from "./incident-evidence.js";
import { errorLineTallies, patternTallies, type Told, toldRequests } from "./log-tallies.js";
import { type MetricView, metricView } from "./metric-tallies.js";
import { isInjected } from "./nearby.js";
import { type KeyBook, requestsOf } from "./partition.js";
import { type Ranking, rank } from "./rank.js";
import type { Key, Request } from "./request.js";
import { fewerCallsTallies } from "./shape-tallies.js";
import { slowByHabit } from "./slow-habits.js";
import { type Slowness, slownessOf } from "./slowness.js";
import { splitWindow } from "./split-window.js";
import { clearedOf, errorsAre, isVague, type SuspectDeps, suspectsOf } from "./suspects.js";
import type { Tally } from "./tally.js";
import { tieRule } from "./tie-rule.js";
import { errorTallies, latencyCounter, type Windows } from "./trace-tallies.js";
import { type Badness, badnessOf, usableBaselines } from "./usable-baselines.js";
import { fewestRequests, slowAlike, thinRequests, verdictOf } from "./verdict.js";

/** Ranks who is to blame. Pure and deterministic; never throws for odd evidence: less evidence makes a smaller claim. */
export function diagnose(evidence: IncidentEvidence): Diagnosis {
  const book: KeyBook = new Map();
  const { windows, baselines } = readWindows(evidence, book);
  const told = toldOf(evidence, windows, baselines, book);
  const seen = badnessOf(windows.incident);
  const past = baselines.length === 0 ? null : badnessOf(windows.baselines.flat());
  const isThin = seen.count < thinRequests;
  // Sampling may miss what is rare: traces without bad requests, or with hardly more than before, do not overrule the metrics.
  const isBlind = (seen.ratio ?? 0) * seen.count < fewestRequests;
  const isPoor = ((seen.ratio ?? 0) - (past?.ratio ?? 0)) * seen.count < fewestRequests;
  const view = isThin || isPoor || past === null ? metricView(evidence, book) : null;
  const silent = once(() => [...patternTallies(told), ...fewerCallsTallies(windows)]);
  const counting = view === null ? null : rankMetrics(evidence, isThin ? view : withSilence(view, silent()));
  const counted =
    counting !== null && (isThin || isBlind || past === null || isSureOfErrors(counting)) ? counting : null;
  const traced =
    counted === null || (past !== null && counted.explaining.every(isVague))
      ? rankTraces(evidence, windows, told, silent())
      : null;
  // Few traces still tell of silent faults, where the metrics are well, and of who was slow, where these only say that somebody was.
  const isTraced = traced !== null && (counted === null || counted.explaining.length === 0 || tells(traced, counted));
  const metrics = isTraced ? null : view;
  const ranking = isTraced ? traced : (counted ?? traced ?? { explaining: [], first: [] });
  const refOf = (key: Key): ServiceRef => book.get(key) ?? { cluster: "", namespace: "", name: key };
  const incident = metrics?.incident ?? seen;
  const baseline = metrics === null ? past : metrics.baseline;
  const deps: SuspectDeps = {
    evidence,
    incident: windows.incident,
    before: windows.baselines.flat(),
    refOf,
    nameOf: (key) => refOf(key).name,
    isThin: incident.count < thinRequests,
  };
  const suspects = baseline === null ? [] : suspectsOf(ranking, deps);
  const keys = suspects.map(({ service }) => serviceKey(service));
  const alerting = evidence.alerting ?? evidence.service;
  if (alerting !== null) book.set(serviceKey(alerting), alerting);
  const verdict = verdictOf(
    suspects,
    suspects.map(({ service }) => service.name),
    { incident, baseline, alike: slowAlike(windows.incident), hasEvidence: hasEvidence(evidence.incident) },
  );
  const isNamed = verdict.kind === "SUSPECTS";
  return {
    verdict,
    suspects: isNamed ? suspects : [],
    cleared: isNamed ? clearedOf(ranking, suspects, keys, deps) : [],
    missing: [...evidence.missing, ...findGaps(evidence, incident, windows.incident)],
    incident: summaryOf([evidence.incident], [evidence.incident], incident),
    baseline:
      baseline === null
        ? null
        : summaryOf(evidence.baselines, baselines.length > 0 ? baselines : evidence.baselines, baseline),
    graph: draftGraph({
      alerting,
      suspects: isNamed ? suspects : [],
      traced: tracedCalls(requestsIn(windows.incident), requestsIn(windows.baselines.flat())),
      counted: [
        ...connectedCalls(evidence, book),
        ...countedCalls(
          evidence.incident,
          evidence.baselines,
          evidence.service === null ? null : serviceKey(evidence.service),
          book,
        ),
      ],
      basis: metrics === null && windows.incident.length > 0 ? "TRACES" : "METRICS",
      refOf: (end: End) => (end.startsWith("S") ? (book.get(end.slice(1)) ?? null) : null),
    }),
  };
}

function requestsIn(window: readonly Slowness[]): readonly Request[] {
  return window.map(({ request }) => request);
}

/** Whether traces explain more than a trifle of what the metrics count. */
function tells(traced: Ranking, counted: Ranking): boolean {
  const [seen, all] = [traced, counted].map(({ explaining }) => explaining[0]?.explained ?? 0);
  return (seen ?? 0) > 0.3 * (all ?? 0);
}

/** Requests of the incident and of those baselines that were no incidents themselves. */
function readWindows(
  { incident, baselines: whole, service, objective }: IncidentEvidence,
  book: KeyBook,
): { readonly windows: Windows<Slowness>; readonly baselines: readonly WindowEvidence[] } {
  const read = (window: WindowEvidence): readonly Request[] =>
    (window.traces ?? []).flatMap((trace) => requestsOf(trace, service, book));
  const baselines = whole.flatMap(splitWindow);
  const thresholdMs = objective?.kind === "LATENCY" ? objective.thresholdMs : null;
  const before = baselines.map(read);
  const everything = learnExpectation(before.flat());
  const usable = usableBaselines(
    before.map((requests) => requests.map((request) => slownessOf(request, everything, thresholdMs))),
  );
  const kept = usable.map((index) => before[index] ?? []);
  const expectation = kept.length === before.length ? everything : learnExpectation(kept.flat());
  const hold = (request: Request): Slowness => slownessOf(request, expectation, thresholdMs);
  return {
    windows: { incident: read(incident).map(hold), baselines: kept.map((requests) => requests.map(hold)) },
    baselines: usable.flatMap((index) => baselines[index] ?? []),
  };
}

function toldOf(
  { incident }: IncidentEvidence,
  windows: Windows<Slowness>,
  baselines: readonly WindowEvidence[],
  book: KeyBook,
): Windows<Told> {
  return {
    incident: toldRequests(windows.incident, incident.traceLines, book),
    baselines: windows.baselines.map((items, i) => toldRequests(items, baselines[i]?.traceLines ?? null, book)),
  };
}

/** @param silent what lines and calls that were left out tell */
function rankTraces(
  evidence: IncidentEvidence,
  windows: Windows<Slowness>,
  told: Windows<Told>,
  silent: readonly Tally[],
): Ranking {
  const requestCount = windows.incident.reduce((sum, { request }) => sum + request.weight, 0);
  if (requestCount === 0) return { explaining: [], first: [] };
  const isRuled = (service: Key): boolean => isInjected(service, windows.incident);
  const fixed = [...errorTallies(windows, isRuled), ...errorLineTallies(told), ...silent];
  const { tie, ownerOf } = tieRule(windows, isRuled);
  const slowTallies = latencyCounter(windows, ownerOf);
  const usual = usualErrors(evidence.background);
  return rank(
    (explained) => [
      ...fixed.filter(({ services: [service = ""] }) => !explained.has(service)),
      ...slowTallies(explained),
    ],
    {
      requestCount,
      usual: (kind) => (kind === "ERRORS" ? usual : () => null),
      tie,
      slowByHabit: slowByHabit(evidence, windows.baselines.flat()),
    },
  );
}

/** Lines and calls that were left out are seen better in traces: counts do not tell operations apart. */
function withSilence(view: MetricView, silent: readonly Tally[]): MetricView {
  const counted = view.tallies.filter(({ kind }) => kind !== "FEWER_CALLS");
  return { ...view, tallies: [...counted, ...silent] };
}

/** Whether failures that proxies counted leave no doubt: a few traces may hold one or two of them. */
function isSureOfErrors({ explaining: [top] }: Ranking): boolean {
  return top !== undefined && top.credibility > surely && errorsAre(top, 3);
}

const surely = 0.95;

function rankMetrics({ background }: IncidentEvidence, { tallies, ownerOf, tie, incident }: MetricView): Ranking {
  const usual = usualErrors(background);
  return rank((explained) => tallies.filter((tally) => !explained.has(ownerOf(tally))), {
    requestCount: incident.n,
    usual: (kind) => (kind === "METRIC_ERRORS" ? usual : () => null),
    tie,
    slowByHabit: new Set(),
  });
}

function hasEvidence({ traces, edges }: WindowEvidence): boolean {
  return (traces !== null && traces.length > 0) || (edges !== null && edges.length > 0);
}

/** @param parts of the windows, those that were compared with */
function summaryOf(
  windows: readonly WindowEvidence[],
  parts: readonly WindowEvidence[],
  { n, ratio }: Badness,
): WindowSummary {
  const traces = parts.flatMap((window) => window.traces ?? []);
  const isKnown = parts.some((window) => window.traces !== null);
  return {
    window: spanOf(parts.map(({ window }) => window)),
    windowCount: windows.filter(({ window }) => parts.some((part) => isWithin(part.window, window))).length,
    traceCount: isKnown ? traces.length : null,
    requestCount: isKnown ? n : null,
    badRatio: ratio,
  };
}

function isWithin(part: TimeWindow, whole: TimeWindow): boolean {
  return part.fromMs >= whole.fromMs && part.toMs <= whole.toMs;
}

function spanOf(windows: readonly TimeWindow[]): TimeWindow {
  return {
    fromMs: Math.min(...windows.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...windows.map(({ toMs }) => toMs)),
  };
}
