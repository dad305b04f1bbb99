/** Counts what log lines show: ERROR lines where spans tell no error, and patterns that come or go. Called by diagnose.ts. */
import { patternOf } from "../telemetry/log-pattern.js";
import type { LogLevel } from "../telemetry/log-source.js";
import { serviceKey } from "../telemetry/service-ref.js";
import type { TraceLine } from "./incident-evidence.js";
import type { KeyBook } from "./partition.js";
import type { Key } from "./request.js";
import type { Slowness } from "./slowness.js";
import { createTallies, type Exposure, effectiveCount, expose, noExposure, type Tally } from "./tally.js";
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
      // The caller of a call that was lost complains of that.
      const origins = new Set(
        request.origins.flatMap(({ service, peer }) => (peer === null ? [service] : [service, peer])),
      );
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

/** A pattern of a service in requests of one kind. */
interface Presence {
  readonly service: Key;
  readonly pattern: string;
  /** Key of the requests it could stand in. */
  readonly group: string;
  readonly parts: readonly Exposure[];
}

const fewestRequests = 4;

/**
 * Of each service and kind of request, the pattern (no ERROR) whose share of the requests that came to the service changed most, up or
 * down: the sign of a wrong value, which is no error and takes no time. Windows without such requests say nothing.
 */
export function patternTallies(windows: Windows<Told>): readonly Tally[] {
  const windowCount = 1 + windows.baselines.length;
  const noParts = (): readonly Exposure[] => Array.from({ length: windowCount }, noExposure);
  const presences = new Map<string, Presence>();
  const groups = new Map<string, readonly Exposure[]>();
  [windows.incident, ...windows.baselines].forEach((items, part) => {
    for (const { slowness, lines } of items) {
      const { entry, weight, depths } = slowness.request;
      for (const service of new Set([...depths.keys(), ...lines.keys()])) {
        const group = `${entry}\u0001${service}`;
        const asked = groups.get(group) ?? noParts();
        groups.set(group, asked);
        expose(asked[part] ?? noExposure(), weight, 1);
        for (const pattern of lines.get(service)?.others ?? []) {
          const key = `${group}\u0001${pattern}`;
          const found = presences.get(key) ?? { service, pattern, group, parts: noParts() };
          presences.set(key, found);
          expose(found.parts[part] ?? noExposure(), weight, 1);
        }
      }
    }
  });
  const best = new Map<string, { tally: Tally; change: number }>();
  for (const presence of presences.values()) {
    const asked = groups.get(presence.group) ?? noParts();
    const [now, ...before] = asked;
    const usual = before.reduce((sum, { n }) => sum + n, 0);
    if (now === undefined || effectiveCount(now) < fewestRequests) continue;
    if (before.reduce((sum, exposure) => sum + effectiveCount(exposure), 0) < fewestRequests) continue;
    const [here, ...past] = presence.parts;
    const change = (here?.n ?? 0) / now.n - past.reduce((sum, { n }) => sum + n, 0) / usual;
    if (Math.abs(change) > Math.abs(best.get(presence.group)?.change ?? 0))
      best.set(presence.group, { tally: presenceTally(presence, asked, change < 0), change });
  }
  return [...best.values()].map(({ tally }) => tally);
}

function presenceTally(
  { group, service, pattern, parts }: Presence,
  asked: readonly Exposure[],
  isGone: boolean,
): Tally {
  const [incident = noExposure(), ...baselines] = asked.map((all, part): Exposure => {
    const own = parts[part] ?? noExposure();
    return isGone
      ? { n: all.n, n2: all.n2, x: all.n - own.n, x2: all.n2 - own.n2 }
      : { n: all.n, n2: all.n2, x: own.n, x2: own.n2 };
  });
  const name = `${isGone ? "-" : "+"}${pattern}`;
  return { key: `P${group}`, kind: "LOG_PATTERN", services: [service], name, external: null, incident, baselines };
}
