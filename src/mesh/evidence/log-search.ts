/** Log records of a service, newest first, merged over sources page by page. */
import type { LogFilter, LogPosition, LogRecord, LogSource, LogTotal } from "../../telemetry/log-source.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import { strikeHost, strikeNames } from "../../telemetry/strike-names.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import { logService } from "../identity/log-service.js";
import { logRecordLinks } from "../links/log-links.js";
import type { LogPage, LogSelection, MeshLogRecord, Pillar } from "../mesh.js";
import { notConfigured, pillarOf, replicaGroups } from "../pillar.js";
import type { EvidenceDeps } from "./evidence-deps.js";
import type { AskLogs } from "./log-asker.js";

/** Where each source's page ended, by the source's name. */
export type LogPositions = Readonly<Record<string, LogPosition>>;

/** What is searched for. */
export interface LogQuestion {
  readonly ref: ServiceRef;
  readonly window: TimeWindow;
  readonly selection: LogSelection;
  readonly limit: number;
  readonly after: LogPositions | null;
  readonly withTotal: boolean;
}

/** The filter of one service's logs. */
export function serviceLogFilter(
  ref: ServiceRef,
  window: TimeWindow,
  selection: LogSelection,
  workloads: readonly string[],
): LogFilter {
  const names = [...new Set([ref.name, ...workloads])];
  return {
    ...selection,
    window,
    scope: { namespace: ref.namespace, names },
    traceIds: null,
    requestIds: null,
    spanIds: null,
  };
}

/** One page; totals of several sources are added and a lower bound makes the sum one. */
export async function searchLogs(
  question: LogQuestion,
  deps: EvidenceDeps,
  visibility: Visibility,
  ask: AskLogs,
): Promise<Pillar<LogPage>> {
  if (deps.logSources.length === 0) return notConfigured("elasticsearch", "logs");
  const { ref, window, selection, limit, after, withTotal } = question;
  if (!canSee(visibility, ref.namespace)) return { value: noLogs, sources: [], errors: [] };
  const filter = serviceLogFilter(ref, window, selection, deps.workloadsOf(ref));
  const asked = await ask("search", (source) => ({
    kind: "search",
    filter,
    order: "newest",
    limit,
    after: positionOf(source, after, deps.logSources),
    withTotal,
  }));
  return pillarOf(asked, (answers) => {
    const pages = answers.flatMap(({ source, value }) =>
      value === null ? [] : [{ source, value, start: positionOf(source, after, deps.logSources) }],
    );
    const merged = pages
      .flatMap(({ source, value }) => value.records.map((record) => ({ source, record })))
      .sort((a, b) => b.record.atMs - a.record.atMs);
    const taken = merged.slice(0, limit);
    const positions = positionsAfter(taken, new Map(pages.map(({ source, start }) => [source, start])));
    const hasMore = merged.length > limit || pages.some(({ value }) => value.next !== null);
    const lastOfSource = new Map(pages.map(({ source, value }) => [source, value]));
    const next = { ...after, ...positions.at(-1) };
    // A page used whole ends where its adapter says.
    for (const [source, { records, next: end }] of lastOfSource) {
      const isWhole = end !== null && taken.filter((one) => one.source === source).length === records.length;
      if (isWhole) next[source.name] = end;
    }
    return {
      records: taken
        .filter(({ record }) => canSee(visibility, record.namespace ?? ""))
        .map(({ source, record }) => meshLogRecord(record, source, deps, visibility)),
      next: hasMore ? next : null,
      total: withTotal ? addTotals(pages.map(({ value }) => value.total)) : null,
    };
  });
}

const noLogs: LogPage = { records: [], next: null, total: null };

/** A record with its service and links, without full names of services out of sight. */
export function meshLogRecord(
  record: LogRecord,
  source: LogSource,
  deps: EvidenceDeps,
  visibility: Visibility,
): MeshLogRecord {
  return {
    ...(visibility.namespaces === "all" ? record : struck(record, visibility)),
    source: source.name,
    service: logService(record, source.cluster, deps.clusters),
    links: logRecordLinks(record, deps.links),
  };
}

function struck(record: LogRecord, visibility: Visibility): LogRecord {
  const { message, accessLog } = record;
  const authority = accessLog?.authority ?? "";
  const struckHost = strikeHost(authority, visibility);
  const said = struckHost === authority ? message : message.replaceAll(authority, () => struckHost);
  return {
    ...record,
    message: strikeNames(said, visibility),
    accessLog: accessLog && {
      ...accessLog,
      upstreamCluster: accessLog.upstreamCluster && strikeNames(accessLog.upstreamCluster, visibility),
      authority: accessLog.authority && struckHost,
    },
  };
}

/** A source's own position, else that of a replica that answered the page before. */
function positionOf(source: LogSource, after: LogPositions | null, all: readonly LogSource[]): LogPosition | null {
  if (after === null) return null;
  const peers = replicaGroups(all).find((group) => group.includes(source)) ?? [];
  for (const { name } of [source, ...peers]) {
    if (Object.hasOwn(after, name)) return after[name] ?? null;
  }
  return null;
}

interface Taken {
  readonly source: LogSource;
  readonly record: LogRecord;
}

/** Where the next page would start after each record: its instant, in whole ms as positions are, and the ids already given in it. */
function positionsAfter(
  taken: readonly Taken[],
  starts: ReadonlyMap<LogSource, LogPosition | null>,
): readonly LogPositions[] {
  const at = new Map<LogSource, LogPosition>();
  for (const [source, start] of starts) if (start !== null) at.set(source, start);
  return taken.map(({ source, record }) => {
    const before = at.get(source);
    const atMs = Math.floor(record.atMs);
    const ids = before?.atMs === atMs ? [...before.ids, record.id] : [record.id];
    at.set(source, { atMs, ids });
    return Object.fromEntries([...at].map(([one, position]) => [one.name, position]));
  });
}

function addTotals(totals: readonly (LogTotal | null)[]): LogTotal | null {
  const known = totals.filter((total) => total !== null);
  if (known.length === 0) return null;
  return {
    value: known.reduce((sum, total) => sum + total.value, 0),
    relation: known.some((total) => total.relation === "GTE") ? "GTE" : "EQ",
  };
}
