/**
 * The same ranking from metrics alone: errors and time that a service does not owe to others, and time that only the caller saw. Called by
 * diagnose.ts where there are no traces.
 */
import { serviceKey } from "../telemetry/service-ref.js";
import { type EdgeSum, edgeSums, type ServiceSum, serviceSums } from "./edge-sums.js";
import type { EdgeMeasure, IncidentEvidence, LearntBackground, WindowEvidence } from "./incident-evidence.js";
import type { KeyBook } from "./partition.js";
import type { Key } from "./request.js";
import { type Exposure, noExposure, type Tally, type TallyHead } from "./tally.js";
import type { Badness } from "./usable-baselines.js";

/** What metrics alone tell. */
export interface MetricView {
  readonly tallies: readonly Tally[];
  readonly ownerOf: (tally: Tally) => Key;
  readonly tie: (service: Key) => number;
  /** Calls of the service that burns (of all callers outside for none): how many, and how many failed. */
  readonly incident: Badness;
  readonly baseline: Badness | null;
}

interface Sums {
  readonly edges: ReadonlyMap<string, EdgeSum>;
  readonly services: ReadonlyMap<Key, ServiceSum>;
  readonly entry: { readonly calls: number; readonly failed: number; readonly ms: number };
}

const slowBy = 1.5;

/** Null where no window before has metrics, or the incident none. */
export function metricView(evidence: IncidentEvidence, book: KeyBook): MetricView | null {
  const wanted = evidence.service === null ? null : serviceKey(evidence.service);
  const incident = sumsOf(evidence.incident, wanted, book);
  const before = evidence.baselines.map((window) => sumsOf(window, wanted, book)).filter(({ edges }) => edges.size > 0);
  if (incident.edges.size === 0 || before.length === 0 || incident.entry.calls === 0) return null;
  const reached = wanted === null ? null : reachedFrom(wanted, incident.edges);
  const tallies = [
    ...errorTallies(incident, before),
    ...waitTallies(incident, before),
    ...timeTallies(incident, before, sumsOf({ edges: asEdges(evidence.background) }, wanted, book)),
    ...fewerCallsTallies(incident, before),
  ].filter(({ services }) => (reached === null ? true : services.some((service) => reached.has(service))));
  const slow = slowCallers(incident, before);
  const tie = (service: Key): number => 0.5 + 0.5 * (slow.get(service) ?? 0);
  return {
    tallies,
    ownerOf: ({ services: [first = "", second] }) =>
      second !== undefined && tie(second) >= tie(first) ? second : first,
    tie,
    incident: badnessOf([incident]),
    baseline: badnessOf(before),
  };
}

/** Longer time as one window. */
function asEdges(background: readonly LearntBackground[]): readonly EdgeMeasure[] {
  return background.flatMap(({ source, destination, steps }) =>
    steps.map((step) => ({
      ...step,
      source,
      destination: { kind: "SERVICE" as const, service: destination },
      reporter: "SOURCE" as const,
      destinationVersion: null,
      destinationPod: null,
      flags: [],
      parts: [],
    })),
  );
}

function sumsOf(window: Pick<WindowEvidence, "edges">, wanted: Key | null, book: KeyBook): Sums {
  const edges = edgeSums(window.edges, book);
  const isEntry = ({ source, destination }: EdgeSum): boolean =>
    wanted === null ? source === null || !isCalled(source, edges) : destination === wanted;
  const entry = { calls: 0, failed: 0, ms: 0 };
  for (const edge of edges.values()) {
    const seen = edge.caller ?? edge.server;
    if (!isEntry(edge) || seen === null) continue;
    entry.calls += seen.requestCount;
    entry.failed += seen.failedCount;
    entry.ms += seen.durationSumMs ?? 0;
  }
  return { edges, services: serviceSums(edges), entry };
}

function isCalled(service: Key, edges: ReadonlyMap<string, EdgeSum>): boolean {
  return [...edges.values()].some(({ destination }) => destination === service);
}

/** The service, those it calls in any number of steps, and its callers: the way to it may be sick. */
function reachedFrom(service: Key, edges: ReadonlyMap<string, EdgeSum>): ReadonlySet<Key> {
  const reached = new Set([service]);
  for (const key of reached)
    for (const { source, destination } of edges.values())
      if (source === key && destination !== null) reached.add(destination);
  return reached;
}

function badnessOf(windows: readonly Sums[]): Badness {
  const n = windows.reduce((sum, { entry }) => sum + entry.calls, 0);
  const failed = windows.reduce((sum, { entry }) => sum + entry.failed, 0);
  const ratio = n > 0 ? failed / n : null;
  return { n, count: n, ratio, harmRatio: ratio };
}

function exposureOf(n: number, x: number): Exposure {
  const bad = Math.min(n, Math.max(0, x));
  return { ...noExposure(), n, n2: n, x: bad, x2: bad };
}

/**
 * Time is made of few long calls: as if each second of it were one that could be good or bad, where calls are shorter. @param ofUsual time of the
 * same kind that is no surplus, per surplus: chance strikes it too
 */
function inSeconds(exposure: Exposure, ms: number, ofUsual: number): Exposure {
  const perSecond = ms > 0 ? Math.max(1, (1000 * exposure.n) / ms) : 1;
  return { ...exposure, n2: exposure.n2 * perSecond, x2: exposure.x2 * perSecond * (1 + ofUsual) };
}

function tallyOf(head: TallyHead, incident: Exposure, baselines: readonly Exposure[]): Tally {
  return { ...head, incident, baselines };
}

function errorTallies(incident: Sums, before: readonly Sums[]): readonly Tally[] {
  const own = [...incident.services].map(([service, sum]) => {
    const of = (one: ServiceSum | undefined): Exposure =>
      exposureOf(one?.calls ?? 0, (one?.ownFailed ?? 0) - (one?.ownWaited ?? 0));
    const head = {
      key: `ME${service}`,
      kind: "METRIC_ERRORS" as const,
      services: [service],
      name: "its own failures",
      external: null,
    };
    return tallyOf(
      head,
      of(sum),
      before.map(({ services }) => of(services.get(service))),
    );
  });
  const outside = [...incident.edges].flatMap(([key, edge]) => {
    if (edge.host === null || edge.source === null) return [];
    const of = (one: EdgeSum | undefined): Exposure => {
      const seen = one?.caller ?? one?.server;
      return exposureOf(seen?.requestCount ?? 0, seen?.failedCount ?? 0);
    };
    const head = {
      key: `MX${key}`,
      kind: "METRIC_ERRORS" as const,
      services: [edge.source],
      name: edge.host,
      external: edge.host,
    };
    return [
      tallyOf(
        head,
        of(edge),
        before.map(({ edges }) => of(edges.get(key))),
      ),
    ];
  });
  return [...own, ...outside];
}

/**
 * Calls that a service left out, as the share of what it makes at most of them for each call into it; only of services whose calls go well:
 * what fails leaves calls out anyway.
 */
function fewerCallsTallies(incident: Sums, before: readonly Sums[]): readonly Tally[] {
  return [...incident.services].flatMap(([service, { calls, ownFailed }]) => {
    const perVisit = before.map(({ services }) => madeOf(services.get(service)));
    const most = Math.max(0, ...perVisit);
    if (most === 0 || calls === 0 || ownFailed > mostFailing * calls) return [];
    const of = (one: ServiceSum | undefined): Exposure =>
      exposureOf(one?.calls ?? 0, (one?.calls ?? 0) * Math.max(0, 1 - madeOf(one) / most));
    const head = {
      key: `MC${service}`,
      kind: "FEWER_CALLS" as const,
      services: [service],
      name: "its calls",
      external: null,
    };
    return [
      tallyOf(
        head,
        of(incident.services.get(service)),
        before.map(({ services }) => of(services.get(service))),
      ),
    ];
  });
}

const mostFailing = 0.02;

function madeOf(sum: ServiceSum | undefined): number {
  return sum === undefined || sum.calls === 0 ? 0 : sum.made / sum.calls;
}

/**
 * Calls that were given up while a service was waited for: who made it slow is not counted anywhere, so it is the service or whom it calls.
 * Where a rule of the mesh delays calls below it, they are whom it waited for.
 */
function waitTallies(incident: Sums, before: readonly Sums[]): readonly Tally[] {
  return [...incident.services].flatMap(([service, sum]) => {
    if (sum.ownWaited <= 0) return [];
    const of = (one: ServiceSum | undefined): Exposure => exposureOf(one?.calls ?? 0, one?.ownWaited ?? 0);
    const held = injectedBelow(service, incident.edges);
    const head = {
      key: `MW${service}`,
      kind: "METRIC_WAITS" as const,
      services: [held ?? service],
      name: `calls given up while waiting for ${service}`,
      external: null,
    };
    return [
      tallyOf(
        head,
        of(sum),
        before.map(({ services }) => of(services.get(service))),
      ),
    ];
  });
}

/** Of the calls on an edge: fewer that a rule touched are leftovers. */
const leastInjected = 0.01;

/** Whose calls a rule delays or answers, of those a service reaches; the one with most. */
function injectedBelow(service: Key, edges: ReadonlyMap<string, EdgeSum>): Key | null {
  const reached = reachedFrom(service, edges);
  let worst: { readonly key: Key; readonly count: number } | null = null;
  for (const { source, destination, caller, server } of edges.values()) {
    const seen = caller ?? server;
    if (source === null || destination === null || seen === null || !reached.has(source)) continue;
    const count = seen.injectedCount;
    if (count > leastInjected * seen.requestCount && count > (worst?.count ?? 0)) worst = { key: destination, count };
  }
  return worst?.key ?? null;
}

/**
 * Share of the time of an average request that is surplus, by service and by edge with both reporters. @param longer what was learnt over longer
 * time: as slow as then is no surplus
 */
function timeTallies(incident: Sums, before: readonly Sums[], longer: Sums): readonly Tally[] {
  const perRequest = (ms: number | null, { entry }: Sums): number | null =>
    ms === null || entry.calls === 0 ? null : ms / entry.calls;
  const make = (head: TallyHead, msOf: (sums: Sums) => number | null): readonly Tally[] => {
    const now = perRequest(msOf(incident), incident);
    const past = before.map((sums) => perRequest(msOf(sums), sums));
    const known = past.filter((ms) => ms !== null);
    if (now === null || known.length === 0) return [];
    const usual = known.toSorted((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
    const most = Math.max(...known, perRequest(msOf(longer), longer) ?? 0);
    const meanMs = incident.entry.ms / incident.entry.calls;
    const surplus = (ms: number | null, { entry }: Sums): Exposure => {
      const surplusMs = ms === null || ms < slowBy * most ? 0 : ms - usual;
      const share = meanMs <= 0 ? 0 : surplusMs / meanMs;
      const ofUsual = surplusMs > 0 ? usual / surplusMs : 0;
      return inSeconds(exposureOf(ms === null ? 0 : entry.calls, share * entry.calls), entry.ms, ofUsual);
    };
    return [
      tallyOf(
        head,
        surplus(now, incident),
        before.map((sums, i) => surplus(past[i] ?? null, sums)),
      ),
    ];
  };
  const own = [...incident.services.keys()].flatMap((service) =>
    make(
      { key: `MS${service}`, kind: "METRIC_LATENCY", services: [service], name: "its own work", external: null },
      ({ services }) => services.get(service)?.ownMs ?? null,
    ),
  );
  const way = [...incident.edges].flatMap(([key, { source, destination }]) =>
    source === null || destination === null
      ? []
      : make(
          {
            key: `MT${key}`,
            kind: "METRIC_LATENCY",
            services: [source, destination],
            name: "calls on the way",
            external: null,
          },
          ({ edges }) => wayMs(edges.get(key)),
        ),
  );
  return [...own, ...way];
}

/** What the caller waited longer than the server worked; null without both reporters. */
function wayMs(edge: EdgeSum | undefined): number | null {
  const [caller, server] = [edge?.caller?.durationSumMs ?? null, edge?.server?.durationSumMs ?? null];
  return caller === null || server === null ? null : Math.max(0, caller - server);
}

/** By service, the share of its callers whose calls take longer on the way than before. */
function slowCallers(incident: Sums, before: readonly Sums[]): ReadonlyMap<Key, number> {
  const counts = new Map<Key, { all: number; slow: number }>();
  for (const [key, edge] of incident.edges) {
    if (edge.destination === null || edge.source === null || edge.caller === null) continue;
    const perCall = (one: EdgeSum | undefined): number =>
      (wayMs(one) ?? 0) / Math.max(1, one?.caller?.requestCount ?? 0);
    const usual =
      before.map(({ edges }) => perCall(edges.get(key))).toSorted((a, b) => a - b)[Math.floor(before.length / 2)] ?? 0;
    const count = counts.get(edge.destination) ?? { all: 0, slow: 0 };
    counts.set(edge.destination, count);
    count.all += 1;
    if (perCall(edge) > 3 * usual + 10) count.slow += 1;
  }
  return new Map([...counts].map(([key, { all, slow }]) => [key, slow / all]));
}
