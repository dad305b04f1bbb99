/** Log records of many services by few questions: a search per namespace where its lines fit one answer. Called by the evidence reader. */
import { groupBy } from "../../telemetry/group-by.js";
import type { LogRecord } from "../../telemetry/log-source.js";
import { podBelongsTo } from "../../telemetry/pod-name.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import type { LogSelection, Pillar, ServiceLines } from "../mesh.js";
import { allPillars, mapPillar, notConfigured, pillarOf } from "../pillar.js";
import type { EvidenceDeps } from "./evidence-deps.js";
import type { AskLogs } from "./log-asker.js";
import { meshLogRecord, searchLogs, serviceLogFilter } from "./log-search.js";

/** What is searched for. */
export interface ServicesQuestion {
  readonly refs: readonly ServiceRef[];
  readonly window: TimeWindow;
  readonly selection: LogSelection;
  readonly limitEach: number;
}

/** Lines of one answer. */
const mostLines = 1_000;
const nothing: ServiceLines = { records: [], total: null };

/** In the order of the services; a namespace with more lines than one answer holds is asked about each of its services, by one more call. */
export async function logsOfServices(
  question: ServicesQuestion,
  deps: EvidenceDeps,
  visibility: Visibility,
  ask: AskLogs,
): Promise<Pillar<readonly ServiceLines[]>> {
  if (deps.logSources.length === 0) return notConfigured("elasticsearch", "logs");
  const groups = [...groupBy(question.refs, ({ namespace }) => namespace).values()];
  const pillars = groups.map((refs) => linesOfNamespace({ ...question, refs }, deps, visibility, ask));
  return mapPillar(allPillars(await Promise.all(pillars)), (values) => {
    const lines = values.flat();
    const found = new Map(groups.flat().map((ref, i) => [serviceKey(ref), lines[i] ?? nothing]));
    return question.refs.map((ref) => found.get(serviceKey(ref)) ?? nothing);
  });
}

async function linesOfNamespace(
  { refs, window, selection, limitEach }: ServicesQuestion,
  deps: EvidenceDeps,
  visibility: Visibility,
  ask: AskLogs,
): Promise<Pillar<readonly ServiceLines[]>> {
  const [first] = refs;
  if (first === undefined || !canSee(visibility, first.namespace))
    return { value: refs.map(() => nothing), sources: [], errors: [] };
  const named = refs.map((ref) => [ref.name, ...deps.workloadsOf(ref)]);
  const filter = serviceLogFilter(first, window, selection, named.flat());
  const asked = await ask("search", () => ({
    kind: "search",
    filter,
    order: "newest",
    limit: mostLines,
    after: null,
    withTotal: false,
  }));
  if (asked.answers.some(({ value }) => value !== null && value.next !== null)) {
    const each = { window, selection, limit: limitEach, after: null, withTotal: true };
    const pages = await Promise.all(refs.map((ref) => searchLogs({ ref, ...each }, deps, visibility, ask)));
    return allPillars(pages.map((page) => mapPillar(page, ({ records, total }) => ({ records, total }))));
  }
  return pillarOf(asked, (answers) => {
    const records = answers
      .flatMap(({ source, value }) => (value?.records ?? []).map((record) => ({ source, record })))
      .sort((a, b) => b.record.atMs - a.record.atMs);
    return named.map((names): ServiceLines => {
      const own = records.filter(({ record }) => isOf(record, names));
      const shown = own.slice(0, limitEach);
      return {
        records: shown.map(({ source, record }) => meshLogRecord(record, source, deps, visibility)),
        total: { value: own.length, relation: "EQ" },
      };
    });
  });
}

function isOf({ serviceNames, pod }: LogRecord, names: readonly string[]): boolean {
  return (
    serviceNames.some((name) => names.includes(name)) || (pod !== null && names.some((name) => podBelongsTo(pod, name)))
  );
}
