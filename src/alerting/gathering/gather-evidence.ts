/**
 * All parts of an incident's evidence in parallel, each within the time that is given; whatever fails or hangs leaves a `missing` row and
 * costs its own part only. Called by the gatherer.
 */
import type { IncidentGraph } from "../../diagnosis/incident-graph.js";
import { isMeshlensError } from "../../errors.js";
import type { Mesh, MeshReader } from "../../mesh/mesh.js";
import type { SliCountStore } from "../../store/sli-count-store.js";
import type { Clock } from "../../telemetry/clock.js";
import { once } from "../../telemetry/once.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import { seeAll } from "../../telemetry/visibility.js";
import { diagnoseIncident } from "../diagnosing/gather-incident.js";
import { questionOfObjective } from "../diagnosing/question-of-objective.js";
import { keptGraph, suspectsOf } from "../diagnosing/suspects-of.js";
import {
  type Evidence,
  type EvidencePart,
  type EvidenceSuspect,
  type EvidenceTrace,
  evidenceWindow,
  type MissingEvidence,
} from "../evidence.js";
import type { IncidentSnapshot } from "../incident-snapshot.js";
import { chartOf } from "./chart-evidence.js";
import {
  calleesOf,
  changesOf,
  type EvidenceSubject,
  type GatheredPart,
  healthOf,
  logsOf,
  tracesOf,
} from "./mesh-evidence.js";
import { redact } from "./redact.js";

/** What it is gathered with. */
export interface GatherDeps {
  readonly mesh: Pick<Mesh, "reader">;
  readonly counts: Pick<SliCountStore, "read" | "scopes">;
  readonly clock: Clock;
  /** Of the sources' answers; parts that are not there a little later are given up. Default 8 s. */
  readonly timeoutMs?: number;
}

const graceMs = 1_000;

/** Gathers; never rejects. `toMs` is where the windows end. */
export async function gatherEvidence(
  snapshot: IncidentSnapshot,
  objective: EvidenceSubject["objective"],
  toMs: number,
  { mesh, counts, clock, timeoutMs = 8_000 }: GatherDeps,
): Promise<Evidence> {
  const { incident, burnConditions, goodCount, totalCount, budget } = snapshot;
  const window = evidenceWindow(burnConditions, toMs);
  const subject: EvidenceSubject = { service: incident.service, objective, window, startedAtMs: incident.startedAtMs };
  const giveUp = new AbortController();
  const slow = new AbortController();
  const deadline = setTimeout(() => slow.abort(), timeoutMs + graceMs / 2);
  const timer = setTimeout(() => giveUp.abort(), timeoutMs + graceMs);
  const { signal } = giveUp;
  const reader = mesh.reader({ visibility: seeAll, signal, deadlineMs: clock.nowMs() + timeoutMs });
  const metTiers = burnConditions.filter(({ met }) => met).map(({ tier }) => tier);
  // Given up a little before the others, because they wait for where the traces lead.
  const tracing = within(slow.signal, "TRACES", () => tracesOf(reader, subject));
  const others = once(() => servicesInQuestion(calleesOf(reader, subject), tracing, incident.service));
  try {
    const [suspects, traces, logPatterns, changes, health, chart] = await Promise.all([
      within(signal, "SUSPECTS", () => judge(reader, subject)),
      tracing,
      within(signal, "LOGS", () => logsOf(reader, subject)),
      within(signal, "CHANGES", () => changesOf(reader, subject, others)),
      within(signal, "HEALTH", () => healthOf(reader, subject, others)),
      within(signal, "CHART", () => chartOf(counts, subject, metTiers)),
    ]);
    return {
      version: 1,
      takenAtMs: clock.nowMs(),
      isGathered: true,
      window,
      burnConditions,
      goodCount,
      totalCount,
      budget,
      chart: chart.value,
      verdict: suspects.value?.verdict ?? null,
      suspects: suspects.value?.suspects ?? null,
      graph: suspects.value?.graph ?? null,
      traces: traces.value,
      logPatterns: logPatterns.value,
      changes: changes.value,
      health: health.value,
      links: reader.serviceLinks(incident.service, { fromMs: window.fromMs, toMs }),
      missing: [
        ...chart.missing,
        ...suspects.missing,
        ...changes.missing,
        ...traces.missing,
        ...logPatterns.missing,
        ...health.missing,
      ],
    };
  } finally {
    clearTimeout(deadline);
    clearTimeout(timer);
    giveUp.abort();
  }
}

interface Judged {
  readonly verdict: string;
  readonly suspects: readonly EvidenceSuspect[];
  readonly graph: IncidentGraph;
}

/** Who is to blame. What it could not see is told by the other parts, which ask the same sources. */
async function judge(
  reader: MeshReader,
  { service, objective, window }: EvidenceSubject,
): Promise<GatheredPart<Judged>> {
  const diagnosis = await diagnoseIncident(questionOfObjective(service, objective, window), reader);
  const verdict = redact(diagnosis.verdict.sentence);
  return { value: { verdict, suspects: suspectsOf(diagnosis), graph: keptGraph(diagnosis.graph) }, missing: [] };
}

/** Beside the service itself: what it calls, and where its failing traces end, however far below. */
async function servicesInQuestion(
  callees: Promise<readonly ServiceRef[]>,
  tracing: Promise<GatheredPart<readonly EvidenceTrace[]>>,
  own: ServiceRef,
): Promise<readonly ServiceRef[]> {
  const [{ value }, called] = await Promise.all([tracing, callees]);
  const ends = (value ?? []).flatMap(({ faultAt }) => faultAt ?? []);
  const found = new Map([...ends, ...called].map((ref) => [serviceKey(ref), ref]));
  found.delete(serviceKey(own));
  return [...found.values()];
}

/** A part, or why it is not there. */
async function within<T>(
  signal: AbortSignal,
  part: EvidencePart,
  gather: () => Promise<GatheredPart<T>>,
): Promise<GatheredPart<T>> {
  const absent = (state: MissingEvidence["state"], message: string | null) => ({
    value: null,
    missing: [{ part, name: part.toLowerCase(), state, message }],
  });
  let release = () => {};
  const late = new Promise<GatheredPart<T>>((resolve) => {
    const onAbort = () => resolve(absent("TIMEOUT", null));
    signal.addEventListener("abort", onAbort, { once: true });
    release = () => signal.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([gather(), late]);
  } catch (error) {
    // Only our own sentences are free of secrets.
    return absent("UNAVAILABLE", isMeshlensError(error) ? error.message : "It could not be gathered.");
  } finally {
    release();
  }
}
