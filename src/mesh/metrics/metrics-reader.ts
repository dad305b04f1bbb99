/**
 * The metrics half of the mesh's face: services, golden signals, edges and the graph. createMesh makes one reader per request; what is
 * learned of a source is kept between requests (metric-knowledge.ts).
 */
import type { MetricSource } from "../../telemetry/metric-source.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { CallOptions } from "../../telemetry/source.js";
import type { TimeWindow } from "../../telemetry/time-window.js";
import { canSee, type Visibility } from "../../telemetry/visibility.js";
import { callOptions } from "../evidence/evidence-deps.js";
import type {
  Absence,
  AnnouncedMeasure,
  GoldenSignals,
  MeshNode,
  MeshReader,
  MeshService,
  ReadContext,
  ServiceRefInput,
} from "../mesh.js";
import {
  type Asked,
  askSources,
  mapPillar,
  mergeStatuses,
  notConfigured,
  pillarOf,
  replicaGroups,
  type SourceAnswer,
} from "../pillar.js";
import { askEdges, type EdgeTables, edgeMeasures } from "./ask-edges.js";
import { chooseService, isSelected, joinServices, listed } from "./find-services.js";
import { type Measure, type MeasureAsk, type Scope, wholeMesh } from "./measure-ask.js";
import { createMeasureLoader, sharedLoader } from "./measure-loader.js";
import { createGolden, noGolden } from "./measured-golden.js";
import { meshEdgeOf } from "./mesh-edge-of.js";
import { type DrawnEdge, drawEdges } from "./mesh-edges.js";
import type { MetricKnowledge, MetricsDeps } from "./metric-knowledge.js";
import { takeTurn } from "./run-ahead.js";
import { seriesStep } from "./series-step.js";
import type { ServiceIndex } from "./service-index.js";

/** Whether metrics know a service, and whether a "no" is certain. */
export interface FoundService {
  readonly service: MeshService | null;
  /** False when a source that might have known it did not answer. */
  readonly isCertain: boolean;
}

/** The reads of one request that metrics answer; createMesh completes findService. */
export interface MetricsReader extends Pick<MeshReader, "listServices" | "golden" | "edgesOf" | "graph" | "announce"> {
  findInMetrics(ref: ServiceRefInput, window: TimeWindow): Promise<FoundService>;
}

const dayMs = 86_400_000;
const sides = { INBOUND: ["inbound"], OUTBOUND: ["outbound"], BOTH: ["inbound", "outbound"] } as const;

/**
 * The reader of one request. Reads about a namespace out of sight have no data, as if there were none.
 * @param span who is who in windows within it is looked up over all of it; left out: over each window
 */
export function createMetricsReader(
  deps: MetricsDeps,
  knowledge: MetricKnowledge,
  context: ReadContext,
  span: TimeWindow | null = null,
): MetricsReader {
  const { sources, clock } = deps;
  const { visibility } = context;
  const options = callOptions(context);
  const wantedEdges = new Map<string, Set<"inbound" | "outbound">>();
  const announcements = new Map<string, readonly MeasureAsk[]>();
  const announcedMeshWide: MeasureAsk[] = [];
  const indexes = new Map<string, Promise<Asked<MetricSource, ServiceIndex>>>();
  const lookups = new Map<string, Promise<SourceAnswer<ServiceIndex>>>();
  const loader = createMeasureLoader({
    sources,
    clock,
    options,
    index: indexOf,
    follow: (asks) => [...promised(asks), ...asks.flatMap(edgeQuantiles)],
  });

  /** What was announced about the services of questions goes out with them. */
  function promised(asks: readonly MeasureAsk[]): readonly MeasureAsk[] {
    const services = new Set<string>();
    for (const { scope, window } of asks) if (scope.ref !== null) services.add(scopeKey(scope.ref, window));
    return [...services].flatMap((key) => announcements.get(key) ?? []);
  }

  /** A page reads the same quantiles of a service and of its edges: they go out together, though edges are known only later. */
  function edgeQuantiles({ measure, scope, window, maxPoints }: MeasureAsk): readonly MeasureAsk[] {
    if (measure.kind !== "latency" || maxPoints !== null || scope.grain !== "service" || scope.ref === null) return [];
    const wanted = wantedEdges.get(scopeKey(scope.ref, window)) ?? [];
    return [...wanted].map((side) => ({ measure, window, maxPoints, scope: edgeScope(scope.ref, side) }));
  }

  /**
   * Once per source and window of a request, failures too: an answer whose service could not be looked up must not be completed by a
   * source that has just come back, or it would call an empty page whole.
   */
  function indexOf(source: MetricSource, within: TimeWindow, own: CallOptions): Promise<SourceAnswer<ServiceIndex>> {
    const window = span !== null && span.fromMs <= within.fromMs && within.toMs <= span.toMs ? span : within;
    const key = `${source.name} ${window.fromMs} ${window.toMs}`;
    const known = lookups.get(key);
    if (known !== undefined) return known;
    const lookup = knowledge.index(source, window, own);
    lookups.set(key, lookup);
    return lookup;
  }

  /** Nothing of a service's page can be asked before it is looked up: a silent source may take a third of the time, not all of it. */
  const lookupOptions = (): CallOptions => {
    const nowMs = clock.nowMs();
    return { ...options, deadlineMs: nowMs + Math.max(0, options.deadlineMs - nowMs) / 3 };
  };

  function indexed(window: TimeWindow, terms = options): Promise<Asked<MetricSource, ServiceIndex>> {
    const key = `${window.fromMs} ${window.toMs}`;
    const known = indexes.get(key);
    if (known !== undefined) return known;
    const asked = askSources(sources, terms, clock, (source, own) => indexOf(source, window, own));
    indexes.set(key, asked);
    return asked;
  }

  const rangeMsIn = (window: TimeWindow) => (maxPoints: number) => seriesStep(window, maxPoints, sources).rangeMs;

  function serviceScope(ref: ServiceRef, window: TimeWindow, measure: Measure, maxPoints: number | null): Scope {
    const wide = measure.kind === "outcome" ? (["service", "edge"] as const) : (["service"] as const);
    const asked = wide.map(wholeMesh).find((scope) => loader.hasAsked({ measure, scope, window, maxPoints }));
    if (asked !== undefined) return asked;
    // A call seen at both ends by different sources is told apart by its caller only.
    const grain = measure.kind === "outcome" && sources.length > 1 ? "edge" : "service";
    return { grain, ref, side: "inbound" };
  }

  async function absenceOf(key: string, window: TimeWindow): Promise<Absence | null> {
    if (sources.length === 0) return "NO_METRICS_SOURCE";
    const asked = await indexed(window);
    const service = joinServices(asked.answers).get(key);
    if (service?.hasRequests === true) return null;
    if (service?.hasTcp === true) return "TCP_ONLY";
    return isAnswered(asked, sources) ? "NO_INBOUND" : "SOURCE_DOWN";
  }

  function golden(ref: ServiceRef, window: TimeWindow): GoldenSignals {
    if (!canSee(visibility, ref.namespace)) return noGolden("NO_INBOUND");
    const key = serviceKey(ref);
    const subject = {
      window,
      scope: (measure: Measure, maxPoints: number | null) => serviceScope(ref, window, measure, maxPoints),
      rows: (table: { rowsInto(key: string): ReturnType<EdgeTables["callers"]["rowsInto"]> }) => table.rowsInto(key),
      latency: (table: { ofService(key: string): readonly (number | null)[] | null }) => table.ofService(key),
      known: () => null,
      absence: () => absenceOf(key, window),
    };
    return createGolden({ loader, rangeMsOf: rangeMsIn(window) }, subject);
  }

  function wantEdges(ref: ServiceRef, window: TimeWindow, own: readonly ("inbound" | "outbound")[]): void {
    const key = scopeKey(ref, window);
    wantedEdges.set(key, new Set([...(wantedEdges.get(key) ?? []), ...own]));
  }

  return {
    golden,

    async listServices(window, selection) {
      if (sources.length === 0) return notConfigured("prometheus", "metrics");
      const asked = await indexed(window);
      return pillarOf(asked, (answers) => listed(joinServices(answers).values(), selection, visibility));
    },

    async findInMetrics(ref, window) {
      if (sources.length === 0) return { service: null, isCertain: true };
      const asked = await indexed(window, lookupOptions());
      const choose = (answers: Asked<MetricSource, ServiceIndex>["answers"]) =>
        chooseService(
          [...joinServices(answers).values()].map((one) => ({ ref: one.ref, mesh: one.dialect?.kind ?? null })),
          ref,
        );
      const now = choose(asked.answers);
      if (now !== null) return { service: now, isCertain: true };
      const lastDay = { fromMs: window.toMs - dayMs, toMs: window.toMs };
      const alive = asked.answers.map(({ source }) => source);
      const before = await askSources(alive, lookupOptions(), clock, (source, own) =>
        knowledge.named(source, ref, lastDay, own),
      );
      return { service: choose(before.answers), isCertain: isAnswered(asked, sources) && isAnswered(before, alive) };
    },

    async edgesOf(ref, direction, window) {
      if (!canSee(visibility, ref.namespace)) return { value: null, sources: [], errors: [] };
      wantEdges(ref, window, sides[direction]);
      const key = serviceKey(ref);
      const pillar = await askEdges(
        loader,
        sides[direction].map((side) => edgeScope(ref, side)),
        window,
      );
      const rangeMsOf = rangeMsIn(window);
      return mapPillar(pillar, (tables) =>
        tables.flatMap(({ scope, callers, server, traffic }) => {
          const set = { scope, origin: pillar, window, loader, rangeMsOf };
          const isInbound = scope.side === "inbound";
          // A service that calls itself is one edge, not two.
          const isOwn = (row: DrawnEdge["callers"][number]) =>
            isInbound || direction !== "BOTH" || row.destination.node.key !== key;
          const rows = [callers, server, traffic].map((table) =>
            (isInbound ? table.rowsInto(key) : table.rowsOutOf(key)).filter(isOwn),
          );
          return drawEdges(rows[0] ?? [], rows[1] ?? [], rows[2] ?? [], visibility).map((edge) =>
            meshEdgeOf(edge, set),
          );
        }),
      );
    },

    async graph(window, selection, maxEdges) {
      if (sources.length === 0) return notConfigured("prometheus", "metrics");
      const scope = wholeMesh("edge");
      const [pillar, asked] = await Promise.all([askEdges(loader, [scope], window), indexed(window)]);
      const services = joinServices(asked.answers);
      const isWanted = ({ kind, service }: MeshNode): boolean => {
        if (service === null) return false;
        const mesh = services.get(serviceKey(service))?.dialect?.kind ?? null;
        return kind !== "UNKNOWN" && isSelected({ ref: service, mesh }, selection);
      };
      const isEverything = Object.values(selection).every((condition) => condition === null);
      const shared = sharedLoader(loader, scope, window);
      const quantiles = announcedMeshWide.filter((ask) => ask.measure.kind === "latency" && isSame(ask.window, window));
      const waited = Promise.all(quantiles.map((ask) => shared.load({ ...ask, scope, window })));
      // Whoever may not answer while the quantiles are on their way waits for them once, here, and is then given each at once.
      const giveBack = quantiles.length > 0 ? takeTurn() : null;
      if (giveBack === null) await waited;
      else void waited.finally(giveBack);
      const all = pillar.value?.[0] === undefined ? [] : drawWholeMesh(pillar.value[0], visibility);
      const graph = mapPillar(pillar, ([tables]) => {
        if (tables === undefined) return null;
        const drawn = isEverything
          ? all
          : all.filter((edge) => isWanted(edge.source.node) || isWanted(edge.destination.node));
        const kept = drawn.slice(0, maxEdges);
        const set = { scope, origin: pillar, window, loader: shared, rangeMsOf: rangeMsIn(window) };
        const edges = kept.map((edge) => meshEdgeOf(edge, set));
        const nodes = new Map<string, MeshNode>();
        for (const { source, destination } of edges) nodes.set(source.key, source).set(destination.key, destination);
        return {
          nodes: [...nodes.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
          edges,
          isTruncated: drawn.length > kept.length,
          golden: (node: MeshNode) => (node.service === null ? null : golden(node.service, window)),
        };
      });
      return { ...graph, sources: mergeStatuses(pillar.sources, asked.statuses) };
    },

    announce(measures, ref, window) {
      if (sources.length === 0 || (ref !== null && !canSee(visibility, ref.namespace))) return;
      const asks = measures.flatMap((measure) => announced(measure, measures, ref, window));
      if (ref !== null) {
        // Held until the first read: until the service is found nothing of it can be asked, and then all goes out at once.
        const key = scopeKey(ref, window);
        announcements.set(key, [...(announcements.get(key) ?? []), ...asks]);
        return;
      }
      // A list asks for its page when the page is known, which costs less than the whole mesh; a graph needs the whole mesh.
      if (!measures.some(({ of }) => of === "edges")) return;
      announcedMeshWide.push(...asks);
      for (const ask of asks) void loader.load(ask);
    },
  };

  function announced(
    one: AnnouncedMeasure,
    all: readonly AnnouncedMeasure[],
    ref: ServiceRef | null,
    window: TimeWindow,
  ): readonly MeasureAsk[] {
    const measure = measureOf(one);
    const withEdges = all.some(({ of }) => of === "edges");
    if (one.of === "edges") {
      const scopes = ref === null ? [wholeMesh("edge")] : sides.BOTH.map((side) => edgeScope(ref, side));
      const measures = measure.kind === "latency" ? [measure] : edgeMeasures;
      return scopes.flatMap((scope) => measures.map((own) => ({ measure: own, scope, window, maxPoints: null })));
    }
    // A service is the sum of its edges: with edges on their way its counts are there.
    if (measure.kind === "outcome" && withEdges && ref === null) return [];
    const scope = ref === null ? wholeMesh("service") : serviceScope(ref, window, measure, null);
    return [{ measure, scope, window, maxPoints: null }];
  }
}

function measureOf(one: AnnouncedMeasure): Measure {
  if (one.measure === "traffic") return { kind: "traffic" };
  if (one.measure === "outcome") return { kind: "outcome", view: one.view };
  return { kind: "latency", view: one.view, quantile: one.quantile };
}

function edgeScope(ref: ServiceRef | null, side: "inbound" | "outbound"): Scope {
  return { grain: "edge", ref, side };
}

/** Edges of the whole mesh as somebody without limits sees them, drawn once for all requests that share the answer. */
const drawnBefore = new WeakMap<
  EdgeTables["callers"],
  { readonly tables: EdgeTables; readonly edges: readonly DrawnEdge[] }
>();

function drawWholeMesh(tables: EdgeTables, visibility: Visibility): readonly DrawnEdge[] {
  const { callers, server, traffic } = tables;
  const known = drawnBefore.get(callers);
  const isShared = visibility.namespaces === "all";
  if (isShared && known?.tables.server === server && known.tables.traffic === traffic) return known.edges;
  const edges = drawEdges(callers.rows, server.rows, traffic.rows, visibility);
  if (isShared) drawnBefore.set(callers, { tables, edges });
  return edges;
}

function isSame(a: TimeWindow, b: TimeWindow): boolean {
  return a.fromMs === b.fromMs && a.toMs === b.toMs;
}

function scopeKey(ref: ServiceRef, { fromMs, toMs }: TimeWindow): string {
  return `${serviceKey(ref)} ${fromMs} ${toMs}`;
}

/** Whether every source answered or has a replica that did. */
function isAnswered({ answers }: Asked<MetricSource, ServiceIndex>, sources: readonly MetricSource[]): boolean {
  const alive = new Set(answers.map(({ source }) => source));
  return replicaGroups(sources).every((group) => group.some((source) => alive.has(source)));
}
