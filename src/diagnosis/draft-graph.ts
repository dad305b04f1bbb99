/** Chooses what of the mesh an incident's graph shows: who burns, its callers, the suspects and the ways to them. Called by diagnose.ts. */
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import { type CallFacts, type End, endOfService, externalEnd } from "./call-facts.js";
import type { Suspect } from "./diagnosis.js";
import {
  type Compared,
  emptyGraph,
  type GraphEdge,
  type GraphNode,
  type IncidentGraph,
  mostEdges,
  mostNodes,
} from "./incident-graph.js";
import { waysBetween } from "./ways-between.js";

/** What it is drafted from. */
export interface GraphInput {
  /** The service that burns; null: the whole mesh is looked at. */
  readonly alerting: ServiceRef | null;
  readonly suspects: readonly Suspect[];
  readonly traced: readonly CallFacts[];
  /** Told where no trace shows a call. */
  readonly counted: readonly CallFacts[];
  readonly basis: IncidentGraph["basis"];
  readonly refOf: (end: End) => ServiceRef | null;
}

const [mostCallers, mostCallees] = [3, 2];
/** So many nodes may be shown because they suffer too, and so many to show where requests come from. */
const [mostSuffering, enoughContext] = [10, 6];
/** Of the largest excess: less is no sign of the incident. */
const telling = 0.1;
const atAGlance = 8;
/** A failed call per 100 requests, or so many ms per request. */
const [leastFailed, leastMs] = [0.5, 1];

/** An edge with what it has more of than before. */
interface Heavy extends CallFacts {
  readonly excessFailed: number;
  readonly excessMs: number | null;
  /** By the measure, against the largest of all. */
  weight: number;
}

/** The graph; nothing known of any call and nobody suspected gives an empty one. */
export function draftGraph(input: GraphInput): IncidentGraph {
  const { alerting, suspects, basis, refOf } = input;
  const all = factsOf(input).map(heavy);
  const measure = measureOf(all, suspects);
  const excessOf = (edge: Heavy): number => (measure === "FAILED" ? edge.excessFailed : (edge.excessMs ?? 0));
  const largest = measure === null ? 0 : all.reduce((most, edge) => Math.max(most, excessOf(edge)), 0);
  for (const edge of all) edge.weight = largest > 0 ? Math.max(0, excessOf(edge)) / largest : 0;
  const ends = chooseEnds(all, input);
  const places = new Map([...ends].map((end, place) => [end, place]));
  if (places.size === 0) return emptyGraph;
  const shown = all.filter(({ source, destination }) => places.has(source) && places.has(destination)).sort(byWeight);
  const edges = tellingEdges(shown);
  const total = all.reduce((sum, edge) => sum + excessOf(edge), 0);
  const told = edges.reduce((sum, edge) => sum + excessOf(edge), 0);
  const nodeCount = new Set(all.flatMap(({ source, destination }) => [source, destination])).size;
  return {
    measure,
    basis,
    nodes: [...ends].map((end) => nodeOf(end, refOf(end), alerting, suspects)),
    edges: edges.map((edge) => edgeOf(edge, places)),
    rest: {
      nodeCount: Math.max(0, nodeCount - ends.size),
      edgeCount: all.length - edges.length,
      excessRatio: total > 0 ? tidy(Math.max(0, 1 - told / total)) : 0,
    },
  };
}

/** Each edge once: the basis tells it where it can. */
function factsOf({ traced, counted, basis }: GraphInput): readonly CallFacts[] {
  const facts = new Map<string, CallFacts>();
  const [first, second] = basis === "TRACES" ? [traced, counted] : [counted, traced];
  for (const one of [...second, ...first]) {
    if (one.source === one.destination) continue;
    const key = `${one.source}\u0002${one.destination}`;
    const other = facts.get(key);
    // Only traces tell how long a call took, in whatever they are judged by.
    const isTimed = other !== undefined && one.incident.ms === null && other.incident.ms !== null;
    facts.set(key, isTimed ? withTimesOf(one, other) : one);
  }
  return [...facts.values()];
}

function withTimesOf(counts: CallFacts, times: CallFacts): CallFacts {
  const timed = (rate: CallFacts["incident"], other: CallFacts["before"]) => ({
    ...rate,
    ms: other === null || other.ms === null || other.calls <= 0 ? null : (other.ms / other.calls) * rate.calls,
  });
  return {
    ...counts,
    incident: timed(counts.incident, times.incident),
    before: counts.before === null ? null : timed(counts.before, times.before),
  };
}

/** More calls than before are no harm: shares and means are compared, at the calls of now. */
function heavy(facts: CallFacts): Heavy {
  const failed = failedRatioOf(facts);
  const ms = callMsOf(facts);
  const { calls } = facts.incident;
  const excessMs = ms === null ? null : ms.before === null ? 0 : (calls / 100) * Math.max(0, ms.incident - ms.before);
  return { ...facts, excessFailed: calls * Math.max(0, failed.incident - (failed.before ?? 0)), excessMs, weight: 0 };
}

function failedRatioOf({ incident, before }: CallFacts): Compared {
  const ratio = (rate: CallFacts["before"]) => (rate === null || rate.calls <= 0 ? null : rate.failed / rate.calls);
  return { incident: ratio(incident) ?? 0, before: ratio(before) };
}

function callMsOf({ incident, before }: CallFacts): Compared | null {
  const mean = (rate: CallFacts["before"]) =>
    rate === null || rate.ms === null || rate.calls <= 0 ? null : rate.ms / rate.calls;
  const now = mean(incident);
  return now === null ? null : { incident: now, before: mean(before) };
}

/** What the first suspect is blamed for; without one, or for lines in a log, whatever there is more of. */
function measureOf(all: readonly Heavy[], [first]: readonly Suspect[]): IncidentGraph["measure"] {
  const failed = all.reduce((most, edge) => Math.max(most, edge.excessFailed), 0);
  const ms = all.reduce((most, edge) => Math.max(most, edge.excessMs ?? 0), 0);
  const kind = first?.pieces[0]?.kind;
  const isTime = kind === "LATENCY" || kind === "METRIC_LATENCY" || kind === "METRIC_WAITS";
  if (isTime && ms >= leastMs) return "TIME";
  if (failed >= leastFailed) return "FAILED";
  return ms >= leastMs ? "TIME" : null;
}

/** Those that tell, and of the others what holds the graph together, or as many as a glance takes in. */
function tellingEdges(shown: readonly Heavy[]): readonly Heavy[] {
  const groups = new Map<End, Set<End>>();
  const groupOf = (end: End): Set<End> => {
    const group = groups.get(end) ?? new Set([end]);
    groups.set(end, group);
    return group;
  };
  const kept: Heavy[] = [];
  for (const edge of shown) {
    const [one, other] = [groupOf(edge.source), groupOf(edge.destination)];
    if (edge.weight < telling && one === other && kept.length >= atAGlance) continue;
    if (kept.length >= mostEdges) break;
    kept.push(edge);
    for (const end of other) {
      one.add(end);
      groups.set(end, one);
    }
  }
  return kept;
}

/** In order of importance, at most `mostNodes`. */
function chooseEnds(all: readonly Heavy[], { alerting, suspects }: GraphInput): ReadonlySet<End> {
  const chosen = new Set<End>();
  const add = (end: End): boolean => {
    if (chosen.size < mostNodes) chosen.add(end);
    return chosen.has(end);
  };
  const asked = alerting === null ? null : endOfService(alerting);
  const accused = suspects.map(({ service }) => endOfService(service));
  if (asked !== null) add(asked);
  for (const end of accused) add(end);
  const from = asked ?? accused[0] ?? null;
  if (from === null) return chosen;
  // Ways are added whole, the likeliest suspect's first.
  for (const way of waysBetween(from, accused, all)) {
    const missing = way.filter((end) => !chosen.has(end));
    if (chosen.size + missing.length <= mostNodes) for (const end of missing) add(end);
  }
  for (const { service, part } of suspects)
    if (part?.kind === "EXTERNAL") {
      const end = externalEnd(part.name);
      const isCalled = all.some(({ source, destination }) => source === endOfService(service) && destination === end);
      if (isCalled) add(end);
    }
  const ranked = [...all].sort(byWeight);
  const around = (isNear: (edge: Heavy) => boolean, farEnd: (edge: Heavy) => End, most: number): void => {
    let added = 0;
    for (const edge of ranked) {
      if (added >= most || chosen.size >= mostNodes) return;
      if (!isNear(edge)) continue;
      if (!chosen.has(farEnd(edge))) added += 1;
      add(farEnd(edge));
    }
  };
  around(
    ({ destination }) => destination === from,
    ({ source }) => source,
    mostCallers,
  );
  // What suffers with them, outwards from what is shown.
  for (let before = -1; before !== chosen.size && chosen.size < mostSuffering; ) {
    before = chosen.size;
    const next = ranked.find(
      ({ source, destination, weight }) => weight >= telling && chosen.has(source) !== chosen.has(destination),
    );
    if (next !== undefined) for (const end of [next.source, next.destination]) add(end);
  }
  around(
    ({ source }) => source === from,
    ({ destination }) => destination,
    mostCallees,
  );
  // Upwards to where requests come from, by the busiest caller of each.
  for (let at: End | undefined = from; at !== undefined && chosen.size < enoughContext; ) {
    const callee: End = at;
    const [busiest] = all
      .filter(({ source, destination }) => destination === callee && source !== from)
      .sort((a, b) => b.incident.calls - a.incident.calls);
    at = busiest?.source;
    if (at !== undefined && callee !== from && chosen.has(at)) break;
    if (at !== undefined) add(at);
  }
  return chosen;
}

function byWeight(a: Heavy, b: Heavy): number {
  return b.weight - a.weight || b.incident.calls - a.incident.calls || (edgeName(a) < edgeName(b) ? -1 : 1);
}

function edgeName({ source, destination }: CallFacts): string {
  return `${source} ${destination}`;
}

function nodeOf(
  end: End,
  service: ServiceRef | null,
  alerting: ServiceRef | null,
  suspects: readonly Suspect[],
): GraphNode {
  const key = service === null ? null : serviceKey(service);
  const at = suspects.findIndex((suspect) => serviceKey(suspect.service) === key);
  const found = suspects[at];
  return {
    service,
    name: service?.name ?? end.slice(1),
    isAlerting: alerting !== null && key === serviceKey(alerting),
    suspect:
      found === undefined ? null : { rank: at + 1, grade: found.grade, score: tidy(found.score), part: found.part },
  };
}

function edgeOf(edge: Heavy, places: ReadonlyMap<End, number>): GraphEdge {
  const failed = failedRatioOf(edge);
  const ms = callMsOf(edge);
  return {
    source: places.get(edge.source) ?? 0,
    destination: places.get(edge.destination) ?? 0,
    callsPer100: tidy(edge.incident.calls),
    failedRatio: tidied(failed),
    callMs: ms === null ? null : tidied(ms),
    excessFailedPer100: tidy(edge.excessFailed),
    excessMs: edge.excessMs === null ? null : tidy(edge.excessMs),
    weight: tidy(edge.weight),
  };
}

function tidied({ incident, before }: Compared): Compared {
  return { incident: tidy(incident), before: before === null ? null : tidy(before) };
}

/** Four digits: what is kept is read by people. */
function tidy(value: number): number {
  return Number(value.toPrecision(4));
}
