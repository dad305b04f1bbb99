/** The parts of evidence that come from the mesh: traces, log lines, changes. Each says what was missing; none rejects for a source's sake. */
import type { MeshReader, Pillar, ServiceChange } from "../../mesh/mesh.js";
import type { Objective } from "../../slo/objective.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { SourceStatus } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { EvidenceChange, EvidenceLogPattern, EvidencePart, EvidenceTrace, MissingEvidence } from "../evidence.js";
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
const mostNeighbours = 20;
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

/** Warnings and worse that grew against the window before, redacted. */
export async function logsOf(
  reader: MeshReader,
  { service, window }: EvidenceSubject,
): Promise<GatheredPart<readonly EvidenceLogPattern[]>> {
  const baseline = { fromMs: 2 * window.fromMs - window.toMs, toMs: window.fromMs };
  const selection = { levels: ["FATAL", "ERROR", "WARN"], text: null, lines: "any", pods: null } as const;
  const pillar = await reader.logPatterns(service, { window, baseline }, selection, shownPatterns);
  return partOf("LOGS", pillar, (patterns) =>
    patterns.map((one) => ({ ...one, pattern: redact(one.pattern), sample: redact(one.sample) })),
  );
}

/** What was changed near it or near what it calls, from half an hour before it began to burn. */
export async function changesOf(
  reader: MeshReader,
  { service, startedAtMs, window }: EvidenceSubject,
): Promise<GatheredPart<readonly EvidenceChange[]>> {
  const around = { fromMs: startedAtMs - halfHourMs, toMs: window.toMs };
  const own = reader.changes(service, around);
  const neighbours = await calledBy(reader, service, window);
  const pillars = await Promise.all([own, ...neighbours.map((ref) => reader.changes(ref, around))]);
  const found = new Map(pillars.flatMap(({ value }) => value ?? []).map((change) => [change.id, change]));
  const newestFirst = [...found.values()].sort((a, b) => b.atMs - a.atMs).slice(0, shownChanges);
  return partOf("CHANGES", await own, () => newestFirst.map(evidenceChange));
}

async function calledBy(reader: MeshReader, service: ServiceRef, window: TimeWindow): Promise<readonly ServiceRef[]> {
  const { value } = await reader.edgesOf(service, "OUTBOUND", window);
  const called = new Map(
    (value ?? []).flatMap(({ destination }) =>
      destination.service === null ? [] : [[serviceKey(destination.service), destination.service] as const],
    ),
  );
  return [...called.values()].slice(0, mostNeighbours);
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
