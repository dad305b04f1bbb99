/** The parts of evidence that come from the mesh: traces, log lines, changes, health. Each says what was missing; none rejects for a source's sake. */
import type { MeshReader, Pillar, ServiceChange } from "../../mesh/mesh.js";
import type { Objective } from "../../slo/objective.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { SourceStatus } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { ServiceHealth } from "../../telemetry/workload-source.js";
import type {
  EvidenceChange,
  EvidenceHealth,
  EvidenceLogPattern,
  EvidencePart,
  EvidenceTrace,
  MissingEvidence,
} from "../evidence.js";
import { exemplars } from "./exemplars.js";
import { redact } from "./redact.js";

/** One part. */
export interface GatheredPart<T> {
  /** Null: not known. */
  readonly value: T | null;
  readonly missing: readonly MissingEvidence[];
}

/** Whose evidence. */
export interface EvidenceSubject {
  readonly service: ServiceRef;
  /** Null when it is configured no more. */
  readonly objective: Objective | null;
  /** Where traces and log lines are looked for. */
  readonly window: TimeWindow;
  /** When it began to burn. */
  readonly startedAtMs: number;
}

const searchedTraces = 30;
const shownTraces = 3;
const shownPatterns = 5;
const shownChanges = 10;
const shownUnwell = 5;
const shownReasons = 4;
const mostNeighbours = 20;
/** Each is a question of its own to every log source. */
const mostCallers = 3;
const halfHourMs = 1_800_000;

/** Failing traces, slow ones for an objective on latency. */
export async function tracesOf(
  reader: MeshReader,
  { service, objective, window }: EvidenceSubject,
): Promise<GatheredPart<readonly EvidenceTrace[]>> {
  const sli = objective?.sli;
  const isSlowness = sli?.kind === "LATENCY";
  const selection = {
    errorsOnly: !isSlowness,
    minDurationMs: isSlowness ? sli.thresholdMs : null,
    maxDurationMs: null,
    operation: null,
    tags: {},
  };
  const pillar = await reader.traces(service, window, selection, searchedTraces, null);
  return partOf("TRACES", pillar, ({ traces }) => exemplars(traces, isSlowness, shownTraces));
}

/**
 * Warnings and worse that grew against the window before, redacted: its own, and those of who calls it, because a caller that gave up is
 * often the only one that says so.
 */
export async function logsOf(
  reader: Pick<MeshReader, "edgesOf" | "logPatterns">,
  { service, objective, window }: EvidenceSubject,
): Promise<GatheredPart<readonly EvidenceLogPattern[]>> {
  const baseline = { fromMs: 2 * window.fromMs - window.toMs, toMs: window.fromMs };
  const selection = { levels: ["FATAL", "ERROR", "WARN"], text: null, lines: "any", pods: null } as const;
  const ask = async (ref: ServiceRef) => {
    const pillar = await reader.logPatterns(ref, { window, baseline }, selection, shownPatterns);
    const patterns = pillar.value?.map((one) => ({ ...one, namespace: ref.namespace })) ?? null;
    return { ...pillar, value: patterns };
  };
  const own = ask(service);
  const sli = objective?.sli;
  const isOfCallers = sli !== undefined && "view" in sli && sli.view === "callers";
  const callers = isOfCallers ? await neighboursOf(reader, service, "INBOUND", window, mostCallers) : [];
  const others = await Promise.all(callers.map(ask));
  return partOf("LOGS", await own, (patterns) =>
    [...patterns, ...others.flatMap(({ value }) => value ?? [])]
      .sort((x, y) => growthOf(y) - growthOf(x))
      .slice(0, shownPatterns)
      .map((one) => ({ ...one, pattern: redact(one.pattern), sample: redact(one.sample) })),
  );
}

function growthOf({ count, baselineCount }: Pick<EvidenceLogPattern, "count" | "baselineCount">): number {
  return count - (baselineCount ?? 0);
}

/**
 * What was changed near it or near others that may matter, from half an hour before it began to burn: first what somebody changed, then
 * what befell (events, restarts), of each the newest first.
 */
export async function changesOf(
  reader: MeshReader,
  { service, startedAtMs, window }: EvidenceSubject,
  others: () => Promise<readonly ServiceRef[]>,
): Promise<GatheredPart<readonly EvidenceChange[]>> {
  const around = { fromMs: startedAtMs - halfHourMs, toMs: window.toMs };
  const own = reader.changes(service, around);
  const pillars = await Promise.all([own, ...(await others()).map((ref) => reader.changes(ref, around))]);
  const found = new Map(pillars.flatMap(({ value }) => value ?? []).map((change) => [change.id, change]));
  const ranked = [...found.values()].sort((a, b) => natureRank[a.nature] - natureRank[b.nature] || b.atMs - a.atMs);
  return partOf("CHANGES", await own, () => ranked.slice(0, shownChanges).map(evidenceChange));
}

const natureRank = { CHANGED: 0, BEFELL: 1 } as const;

/** How its workloads are and those of others that may matter, as of now: what is well is left out. */
export async function healthOf(
  reader: Pick<MeshReader, "health">,
  { service }: EvidenceSubject,
  others: () => Promise<readonly ServiceRef[]>,
): Promise<GatheredPart<readonly EvidenceHealth[]>> {
  const own = reader.health(service);
  const refs = [service, ...(await others())];
  const pillars = await Promise.all([own, ...refs.slice(1).map((ref) => reader.health(ref))]);
  const unwell = pillars.flatMap(({ value }, at) => evidenceHealth(refs[at] ?? service, value));
  return partOf("HEALTH", await own, () => unwell.slice(0, shownUnwell));
}

function evidenceHealth(service: ServiceRef, health: ServiceHealth | null): readonly EvidenceHealth[] {
  if (health === null || (health.state !== "DEGRADED" && health.state !== "DOWN")) return [];
  return [{ service, state: health.state, reasons: health.reasons.slice(0, shownReasons).map(redact) }];
}

/** What a service calls, without what is outside of the mesh. */
export function calleesOf(
  reader: Pick<MeshReader, "edgesOf">,
  { service, window }: EvidenceSubject,
): Promise<readonly ServiceRef[]> {
  return neighboursOf(reader, service, "OUTBOUND", window, mostNeighbours);
}

/** Who calls it (INBOUND) or whom it calls. */
async function neighboursOf(
  reader: Pick<MeshReader, "edgesOf">,
  service: ServiceRef,
  direction: "INBOUND" | "OUTBOUND",
  window: TimeWindow,
  most: number,
): Promise<readonly ServiceRef[]> {
  const { value } = await reader.edgesOf(service, direction, window);
  const found = new Map(
    (value ?? []).flatMap(({ source, destination }) => {
      const other = (direction === "INBOUND" ? source : destination).service;
      return other === null ? [] : [[serviceKey(other), other] as const];
    }),
  );
  found.delete(serviceKey(service));
  return [...found.values()].slice(0, most);
}

function evidenceChange({ atMs, kind, namespace, name, summary, detail }: ServiceChange): EvidenceChange {
  return { atMs, kind, namespace, name, summary: redact(summary), detail: detail === null ? null : redact(detail) };
}

function partOf<A, T>(part: EvidencePart, pillar: Pillar<A>, map: (value: A) => T): GatheredPart<T> {
  return {
    value: pillar.value === null ? null : map(pillar.value),
    missing: pillar.sources.filter(({ state }) => state !== "OK").map((status) => missingOf(part, status)),
  };
}

function missingOf(part: EvidencePart, { name, state, message }: SourceStatus): MissingEvidence {
  return { part, name, state, message };
}
