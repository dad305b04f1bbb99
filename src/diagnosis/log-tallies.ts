/** Counts what log lines show: ERROR lines where spans tell no error, and patterns that come or go. Called by diagnose.ts. */
import { patternOf } from "../telemetry/log-pattern.js";
import type { LogLevel } from "../telemetry/log-source.js";
import { serviceKey } from "../telemetry/service-ref.js";
import type { TraceLine } from "./incident-evidence.js";
import type { KeyBook } from "./partition.js";
import type { Key } from "./request.js";
import type { Slowness } from "./slowness.js";
import { createTallies, expose, noExposure, type Tally } from "./tally.js";
import { eachWindow, type Windows } from "./trace-tallies.js";

/** A request with the patterns of its lines by service. */
export interface Told {
  readonly slowness: Slowness;
  readonly lines: ReadonlyMap<Key, { readonly errors: ReadonlySet<string>; readonly others: ReadonlySet<string> }>;
}

const graveLevels: ReadonlySet<LogLevel> = new Set(["ERROR", "FATAL"]);
/** What a logger writes before the message: times, level, thread, ids. */
const head = /^[\d:.,\sTZ-]*(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)?\s*/i;
const longest = 160;

/** Joins lines to requests; requests without lines are left out: whether they wrote none is not known. */
export function toldRequests(
  requests: readonly Slowness[],
  lines: readonly TraceLine[] | null,
  book: KeyBook,
): readonly Told[] {
  const byTrace = new Map<string, Map<Key, { errors: Set<string>; others: Set<string> }>>();
  for (const line of lines ?? []) {
    const key = serviceKey(line.service);
    if (!book.has(key)) book.set(key, line.service);
    const services = byTrace.get(line.traceId) ?? new Map<Key, { errors: Set<string>; others: Set<string> }>();
    byTrace.set(line.traceId, services);
    const patterns = services.get(key) ?? { errors: new Set(), others: new Set() };
    services.set(key, patterns);
    (graveLevels.has(line.level) ? patterns.errors : patterns.others).add(templateOf(line.message));
  }
  return requests.flatMap((slowness) => {
    const own = byTrace.get(slowness.request.traceId);
    return own === undefined ? [] : [{ slowness, lines: own }];
  });
}

/** Values behind a name, ids, lists and objects printed into a line: what varies though the statement is the same. */
const values =
  /(?<=[:=]\s?)(?:[^\s,;:=[\](){}<>]+)|\[[^[\]]*,[^[\]]*\]?|\{[^{}]{40,}\}?|\([^()]*[,=][^()]*\)?|<[^<>]{20,}>?/g;
const traceFields = /\b(?:trace|span)_?id:? ?\*?/gi;

function templateOf(message: string): string {
  const [first = ""] = message.slice(0, 600).split("\n", 1);
  return patternOf(
    patternOf(first.replace(head, "")).replace(values, "*").replace(values, "*").replace(traceFields, ""),
  )
    .replace(/(?:\*[,\s]*){2,}/g, "* ")
    .slice(0, longest);
}

/** ERROR lines per service that was asked, in requests whose spans tell no error of it; victims deeper callees' lines explain are not counted. */
export function errorLineTallies(windows: Windows<Told>): readonly Tally[] {
  const tallies = createTallies(windows.baselines.length);
  eachWindow(windows, (items, exposureOf) => {
    for (const { slowness, lines } of items) {
      const { request } = slowness;
      const origins = new Set(request.origins.map(({ service }) => service));
      const complaining = [...lines].filter(([, { errors }]) => errors.size > 0).map(([key]) => key);
      const deepest = Math.max(...[...complaining, ...origins].map((key) => request.depths.get(key) ?? 0), 0);
      for (const [service, depth] of request.depths) {
        const isFirst = depth === deepest && complaining.includes(service) && !origins.has(service);
        const tally = tallies.of({
          key: `L${service}`,
          kind: "ERROR_LINES",
          services: [service],
          name: [...(lines.get(service)?.errors ?? [])][0] ?? "",
          external: null,
        });
        expose(exposureOf(tally), request.weight, isFirst ? 1 : 0);
      }
    }
  });
  return tallies.all();
}

/** Requests of one kind, and how many of them hold a pattern. */
interface Presence {
  readonly entry: string;
  readonly service: Key;
  readonly pattern: string;
}

const fewestRequests = 4;

/**
 * Of each service and kind of request, the pattern (no ERROR) whose share of the requests changed most, up or down: the sign of a wrong
 * value, which is no error and takes no time. Windows without such requests say nothing.
 */
export function patternTallies(windows: Windows<Told>): readonly Tally[] {
  const seen = new Map<string, { presence: Presence; counts: number[] }>();
  const requests = new Map<string, number[]>();
  const parts = [windows.incident, ...windows.baselines];
  parts.forEach((items, part) => {
    for (const { slowness, lines } of items) {
      const { entry } = slowness.request;
      bump(requests, entry, part, parts.length);
      for (const [service, { others }] of lines) {
        for (const pattern of others) {
          const key = `${entry}\u0001${service}\u0001${pattern}`;
          const found = seen.get(key) ?? { presence: { entry, service, pattern }, counts: parts.map(() => 0) };
          seen.set(key, found);
          found.counts[part] = (found.counts[part] ?? 0) + 1;
        }
      }
    }
  });
  const best = new Map<string, { tally: Tally; change: number }>();
  for (const { presence, counts } of seen.values()) {
    const totals = requests.get(presence.entry) ?? [];
    const before = sum(totals.slice(1));
    const now = totals[0] ?? 0;
    if (now < fewestRequests || before < fewestRequests) continue;
    const change = (counts[0] ?? 0) / now - sum(counts.slice(1)) / before;
    const key = `${presence.entry}\u0001${presence.service}`;
    if (Math.abs(change) > Math.abs(best.get(key)?.change ?? 0))
      best.set(key, { tally: presenceTally(presence, counts, totals, change < 0), change });
  }
  return [...best.values()].map(({ tally }) => tally);
}

function presenceTally(
  { entry, service, pattern }: Presence,
  counts: readonly number[],
  totals: readonly number[],
  isGone: boolean,
): Tally {
  const exposures = totals.map((n, part) => {
    const x = isGone ? n - (counts[part] ?? 0) : (counts[part] ?? 0);
    return { ...noExposure(), n, n2: n, x, x2: x };
  });
  const [incident = noExposure(), ...baselines] = exposures;
  const name = `${isGone ? "-" : "+"}${pattern}`;
  return {
    key: `P${entry}\u0001${service}`,
    kind: "LOG_PATTERN",
    services: [service],
    name,
    external: null,
    incident,
    baselines,
  };
}

function bump(counts: Map<string, number[]>, key: string, part: number, length: number): void {
  const found = counts.get(key) ?? Array.from({ length }, () => 0);
  counts.set(key, found);
  found[part] = (found[part] ?? 0) + 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
