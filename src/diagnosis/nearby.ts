/** What stands beside a score: changes shortly before, rules that inject faults, pods that use or suffer more than usual. Called by suspects.ts. */
import { serviceKey } from "../telemetry/service-ref.js";
import type { Reason } from "./diagnosis.js";
import type { IncidentEvidence, NearChange, PodFacts } from "./incident-evidence.js";
import type { Key } from "./request.js";
import { sayCount, sayPercent } from "./say.js";
import type { Slowness } from "./slowness.js";
import type { SuspectPart } from "./suspect-part.js";

const halfHourMs = 1_800_000;
const afterMs = 120_000;
const meshRules: ReadonlySet<string> = new Set([
  "VirtualService",
  "DestinationRule",
  "EnvoyFilter",
  "HTTPRoute",
  "ServiceProfile",
]);

/** When it began, as far as is known: at the latest with the window looked at. Epoch ms. */
export function beganMs({ onsetMs, incident }: Pick<IncidentEvidence, "onsetMs" | "incident">): number {
  return onsetMs ?? incident.window.fromMs;
}

/** Changes that touch a service from half an hour before the onset, the nearest first. */
export function changesNear(evidence: IncidentEvidence, service: Key): readonly NearChange[] {
  const onsetMs = beganMs(evidence);
  return (evidence.changes ?? [])
    .filter(({ atMs, services }) => {
      const isNear = atMs >= onsetMs - halfHourMs && atMs <= onsetMs + afterMs;
      return isNear && services.some((one) => serviceKey(one) === service);
    })
    .sort((a, b) => Math.abs(a.atMs - onsetMs) - Math.abs(b.atMs - onsetMs));
}

/** The nearest change in words. */
export function changeReason(change: NearChange, onsetMs: number): Reason {
  const minutes = (onsetMs - change.atMs) / 60_000;
  const when =
    minutes >= 0
      ? `${sayCount(Math.max(1, minutes))} min before it began`
      : `${sayCount(Math.max(1, -minutes))} min after it was seen to begin`;
  return {
    kind: "CHANGE",
    sentence: `${change.kind} ${change.name} changed ${when}: ${change.summary}.`,
    numbers: { beforeOnsetMs: onsetMs - change.atMs },
  };
}

/** Calls to a service that a rule of the mesh delayed or answered; null when hardly any. */
export function injectedFault(
  service: Key,
  name: string,
  incident: readonly Slowness[],
  evidence: IncidentEvidence,
): { readonly part: SuspectPart; readonly reason: Reason } | null {
  const flags = new Map<string, number>();
  let called = 0;
  for (const { request } of incident) {
    if (request.depths.has(service) || [...request.injections.keys()].some((edge) => edge.endsWith(`\u0001${service}`)))
      called += 1;
    for (const [edge, flag] of request.injections)
      if (edge.endsWith(`\u0001${service}`)) flags.set(flag, (flags.get(flag) ?? 0) + 1);
  }
  for (const { destination, flags: counts, requestCount } of evidence.incident.edges ?? []) {
    if (called > 0 || destination.kind !== "SERVICE" || serviceKey(destination.service) !== service) continue;
    for (const { flag, count } of counts)
      if ((flag === "DI" || flag === "FI") && count > 0.01 * requestCount)
        flags.set(flag, (flags.get(flag) ?? 0) + count);
  }
  const [top] = [...flags].sort((a, b) => b[1] - a[1]);
  if (top === undefined) return null;
  const [flag, count] = top;
  const rule = changesNear(evidence, service).find(({ kind }) => meshRules.has(kind));
  const does = flag === "DI" ? "delays" : "answers";
  return {
    part: {
      kind: "RULE",
      name: rule === undefined ? `fault injection on calls to ${name}` : `${rule.kind} ${rule.name}`,
    },
    reason: {
      kind: "INJECTED_FAULT",
      sentence: `A rule of the mesh ${does} calls to ${name} on purpose (flag ${flag}, ${sayCount(count)} calls)${rule === undefined ? "" : `: ${rule.kind} ${rule.name}, ${rule.summary}`}.`,
      numbers: { injectedCount: count },
    },
  };
}

/** Whether a rule injects faults into calls to a service: then the other end of those calls is innocent. */
export function isInjected(service: Key, incident: readonly Slowness[]): boolean {
  return incident.some(({ request }) =>
    [...request.injections.keys()].some((edge) => edge.endsWith(`\u0001${service}`)),
  );
}

const mostTold = 3;

/** What befell a service's pods since shortly before the onset; what befell them long before too is how they are. Newest first. */
export function befellReasons(evidence: IncidentEvidence, service: Key): readonly Reason[] {
  const { window } = evidence.incident;
  const onsetMs = beganMs(evidence);
  const own = (evidence.befell ?? []).filter(({ services }) => services.some((one) => serviceKey(one) === service));
  if (own.some(({ atMs }) => atMs < onsetMs - 2 * afterMs)) return [];
  return own
    .filter(({ atMs }) => atMs <= window.toMs)
    .slice(0, mostTold)
    .map(({ atMs, kind, name, summary }) => ({
      kind: "RESTARTS",
      sentence: `${kind} ${name}: ${summary}.`,
      numbers: { afterOnsetMs: atMs - onsetMs },
    }));
}

/** Of a memory limit: from here on the kernel may kill, and so much more than before is no drift. */
const [nearlyFull, clearlyFuller] = [0.9, 0.15];

/** What a service's pods do unlike before; one sentence per resource, of the pod that differs most. */
export function workloadReasons(evidence: IncidentEvidence, service: Key): readonly Reason[] {
  const now = factsOf(evidence.incident.workloads, service);
  const before = evidence.baselines.flatMap(({ workloads }) => factsOf(workloads, service));
  const usual = (key: "cpuCores" | "memoryBytes" | "cpuThrottledRatio" | "memoryLimitRatio"): number | null => {
    const values = before.map((facts) => facts[key] ?? null).filter((value) => value !== null);
    return values.length === 0 ? null : (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null);
  };
  const reasons: Reason[] = [];
  const [usualCpu, usualMemory, usualThrottled] = [usual("cpuCores"), usual("memoryBytes"), usual("cpuThrottledRatio")];
  const busiest = now.toSorted((a, b) => (b.cpuCores ?? 0) - (a.cpuCores ?? 0))[0];
  const cores = busiest?.cpuCores ?? null;
  if (busiest !== undefined && cores !== null && usualCpu !== null && cores > 3 * usualCpu && cores - usualCpu > 0.1)
    reasons.push({
      kind: "CPU",
      sentence: `Pod ${busiest.pod} uses ${Number(cores.toPrecision(2))} cores, usually ${Number(usualCpu.toPrecision(2))}.`,
      numbers: { incidentCores: cores, usualCores: usualCpu },
    });
  const throttled = now.toSorted((a, b) => (b.cpuThrottledRatio ?? 0) - (a.cpuThrottledRatio ?? 0))[0];
  const ratio = throttled?.cpuThrottledRatio ?? null;
  if (throttled !== undefined && ratio !== null && ratio > 0.2 && ratio > 2 * (usualThrottled ?? 0))
    reasons.push({
      kind: "CPU",
      sentence: `CPU of pod ${throttled.pod} is at its limit: held back in ${sayPercent(ratio)} of periods${usualThrottled === null ? "" : `, ${sayPercent(usualThrottled)} before`}.`,
      numbers: { throttledRatio: ratio, usualThrottledRatio: usualThrottled },
    });
  const fullest = now.toSorted((a, b) => (b.memoryBytes ?? 0) - (a.memoryBytes ?? 0))[0];
  const bytes = fullest?.memoryBytes ?? null;
  if (
    fullest !== undefined &&
    bytes !== null &&
    usualMemory !== null &&
    bytes > 1.5 * usualMemory &&
    bytes - usualMemory > 5e7
  )
    reasons.push({
      kind: "MEMORY",
      sentence: `Pod ${fullest.pod} holds ${sayCount(bytes / 1e6)} MB, usually ${sayCount(usualMemory / 1e6)} MB.`,
      numbers: { incidentBytes: bytes, usualBytes: usualMemory },
    });
  const nearest = now.toSorted((a, b) => (b.memoryLimitRatio ?? 0) - (a.memoryLimitRatio ?? 0))[0];
  const [filled, usualFilled] = [nearest?.memoryLimitRatio ?? null, usual("memoryLimitRatio")];
  if (nearest !== undefined && filled !== null && filled > nearlyFull && filled - (usualFilled ?? 0) > clearlyFuller)
    reasons.push({
      kind: "MEMORY",
      sentence: `Memory of pod ${nearest.pod} is at ${sayPercent(filled)} of its limit${usualFilled === null ? "" : `, ${sayPercent(usualFilled)} before`}.`,
      numbers: { limitRatio: filled, usualLimitRatio: usualFilled },
    });
  const restarts = now.reduce((sum, facts) => sum + (facts.restarts ?? 0), 0);
  const restartsBefore = before.reduce((sum, facts) => sum + (facts.restarts ?? 0), 0);
  if (restarts > restartsBefore)
    reasons.push({
      kind: "RESTARTS",
      sentence: `Its containers restarted ${sayCount(restarts)} times within the window.`,
      numbers: { incidentCount: restarts, baselineCount: before.length > 0 ? restartsBefore : null },
    });
  return reasons;
}

function factsOf(workloads: readonly PodFacts[] | null, service: Key): readonly PodFacts[] {
  return (workloads ?? []).filter((facts) => serviceKey(facts.service) === service);
}
