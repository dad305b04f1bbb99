/** Connections of services to hosts outside the mesh, now and before: TLS shows no requests, only connections. Called by suspects.ts and call-facts.ts. */
import { groupBy } from "../telemetry/group-by.js";
import { type ServiceRef, serviceKey } from "../telemetry/service-ref.js";
import type { IncidentEvidence, WindowEvidence } from "./incident-evidence.js";
import type { Key } from "./request.js";
import { sayCount, sayPercent } from "./say.js";
import type { NamedPart } from "./siblings.js";

/** Connections from one service to one host in one stretch. */
export interface OutsideRate {
  readonly perSecond: number;
  readonly openedCount: number;
  readonly failedRatio: number;
}

/** One service's connections to one host. */
export interface OutsideConnections {
  readonly source: ServiceRef;
  readonly host: string;
  /** Where they end now, where that is another place (a black hole); null else. */
  readonly led: string | null;
  readonly now: OutsideRate;
  /** Null when not seen before. */
  readonly before: OutsideRate | null;
}

const fewest = 5;
/** Of a host's connections: fewer failing ones are no sign. */
const leastFailed = 0.05;

/**
 * By service and host. Blocked egress ends in a black hole, whatever host was meant: connections that fail at a place unknown before stand
 * with the one host that lost about as many.
 */
export function outsideConnections({ incident, baselines }: IncidentEvidence): readonly OutsideConnections[] {
  const before = ratesOf(baselines);
  return [...ratesOf([incident])].flatMap(([key, { source, hosts }]) => {
    const past = before.get(key)?.hosts ?? new Map<string, OutsideRate>();
    const left = new Map(hosts);
    const found: OutsideConnections[] = [];
    for (const [host, now] of hosts) {
      const lost = past.has(host) || now.failedRatio < 0.5 ? null : hostThatLost(now, hosts, past);
      if (lost === null) continue;
      found.push({
        source,
        host: lost,
        led: host,
        now: together(now, hosts.get(lost)),
        before: past.get(lost) ?? null,
      });
      left.delete(host);
      left.delete(lost);
    }
    for (const [host, now] of left) found.push({ source, host, led: null, now, before: past.get(host) ?? null });
    return found;
  });
}

/** The one host whose connections became fewer by about as many as now fail elsewhere; null where none or several did. */
function hostThatLost(
  failing: OutsideRate,
  now: ReadonlyMap<string, OutsideRate>,
  past: ReadonlyMap<string, OutsideRate>,
) {
  const found = [...past].filter(([host, rate]) => {
    const drop = rate.perSecond - (now.get(host)?.perSecond ?? 0);
    return rate.openedCount >= fewest && drop > failing.perSecond / 2 && drop < 2 * failing.perSecond;
  });
  return found.length === 1 ? (found[0]?.[0] ?? null) : null;
}

function together(a: OutsideRate, b: OutsideRate | undefined): OutsideRate {
  if (b === undefined) return a;
  const openedCount = a.openedCount + b.openedCount;
  const failedCount = a.failedRatio * a.openedCount + b.failedRatio * b.openedCount;
  return { perSecond: a.perSecond + b.perSecond, openedCount, failedRatio: failedCount / openedCount };
}

/** The host outside whose connections fail and did not before; null where there is none. */
export function lostHost(evidence: IncidentEvidence, service: Key, name: string): NamedPart | null {
  const [worst] = outsideConnections(evidence)
    .filter(({ source, now, before }) => {
      const isFailing = now.failedRatio * now.openedCount >= fewest && now.failedRatio > leastFailed;
      return serviceKey(source) === service && isFailing && now.failedRatio > 4 * (before?.failedRatio ?? 0);
    })
    .sort((a, b) => b.now.failedRatio * b.now.openedCount - a.now.failedRatio * a.now.openedCount);
  if (worst === undefined) return null;
  const { host, led, now, before } = worst;
  const where = led === null ? "" : `: they end in ${led}`;
  const usual = before === null ? "" : `, before ${sayPercent(before.failedRatio)}`;
  return {
    part: { kind: "EXTERNAL", name: host },
    reason: {
      kind: "EXTERNAL",
      sentence: `Connections from ${name} to ${host} fail: ${sayPercent(now.failedRatio)} of ${sayCount(now.openedCount)}${usual}${where}.`,
      numbers: {
        connectionCount: now.openedCount,
        failedRatio: now.failedRatio,
        usualFailedRatio: before?.failedRatio ?? null,
      },
    },
  };
}

type Hosts = Map<string, OutsideRate>;

function ratesOf(
  windows: readonly WindowEvidence[],
): ReadonlyMap<Key, { readonly source: ServiceRef; readonly hosts: Hosts }> {
  const known = windows.filter(({ connections }) => connections !== undefined);
  const seconds = known.reduce((sum, { window }) => sum + (window.toMs - window.fromMs) / 1000, 0);
  const rates = new Map<Key, { readonly source: ServiceRef; readonly hosts: Hosts }>();
  const all = known.flatMap(({ connections = [] }) =>
    connections.flatMap(({ source, destination, openedCount, failedCount }) =>
      destination.kind === "EXTERNAL" ? [{ source, host: destination.host, openedCount, failedCount }] : [],
    ),
  );
  for (const same of groupBy(all, ({ source, host }) => `${serviceKey(source)} ${host}`).values()) {
    const [first] = same;
    const openedCount = same.reduce((sum, one) => sum + one.openedCount, 0);
    const failedCount = same.reduce((sum, one) => sum + one.failedCount, 0);
    if (first === undefined || openedCount <= 0) continue;
    const key = serviceKey(first.source);
    const own = rates.get(key) ?? { source: first.source, hosts: new Map() };
    rates.set(key, own);
    own.hosts.set(first.host, {
      perSecond: openedCount / seconds,
      openedCount,
      failedRatio: failedCount / openedCount,
    });
  }
  return rates;
}
