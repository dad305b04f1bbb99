/** Objectives, store, loop and desk, plugged together for `serve` when objectives are configured. Used by start-server.ts. */
import { dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { createAlertBoard } from "../alerting/alert-board.js";
import { type AlertDesk, createAlertDesk } from "../alerting/alert-desk.js";
import { failureWords, type LoopObserver, startEvaluationLoop } from "../alerting/evaluation-loop.js";
import { createEvaluator } from "../alerting/evaluator.js";
import { createEvidenceGatherer } from "../alerting/gathering/evidence-gatherer.js";
import { gatherEvidence } from "../alerting/gathering/gather-evidence.js";
import { createIncidentNews, momentOf } from "../alerting/incident-news.js";
import { createObjectiveRoster, type ListedServices } from "../alerting/objective-roster.js";
import { isForeignSubject } from "../alerting/ruler/alert-subject.js";
import { durationMs } from "../config/duration.js";
import type { Environment } from "../config/interpolate.js";
import type { LoadedConfig } from "../config/load-config.js";
import { hasObjectives, storeSettings } from "../config/store-settings.js";
import { MeshlensError } from "../errors.js";
import type { Mesh } from "../mesh/mesh.js";
import { createMetricKnowledge } from "../mesh/metrics/metric-knowledge.js";
import { checkDialect } from "../slo/check-dialect.js";
import { formatFinding, type ReadObjectives } from "../slo/finding.js";
import { ledgerTiers } from "../slo/ledger/scope-ledger.js";
import { loadDeclaredObjectives } from "../slo/load-objectives.js";
import { createMeasurer, evaluationOffsetMs } from "../slo/measure/measurer.js";
import type { Objective } from "../slo/objective.js";
import type { DeclaredObjective } from "../slo/readers/declared-objective.js";
import type { Store, StoreHealth } from "../store/store.js";
import { once } from "../telemetry/once.js";
import type { CallOptions } from "../telemetry/source.js";
import { seeAll } from "../telemetry/visibility.js";
import { type DeclaredNow, declaredNow } from "./cluster-objectives.js";
import type { Composition } from "./compose.js";
import { keepChanges } from "./keep-changes.js";
import { keepHouse } from "./keep-house.js";
import { meshSettings } from "./mesh-settings.js";
import { openRuler, type RunningRuler } from "./open-ruler.js";
import type { RunningSlack, SlackHealth } from "./open-slack.js";

/** How alerting is, for /readyz. */
export interface AlertingHealth {
  readonly store: StoreHealth;
  readonly objectiveCount: number;
  /** What is wrong with objectives of clusters, in words. */
  readonly objectiveProblems: readonly string[];
  readonly evaluatedAtMs: number | null;
  /** Why the last evaluation failed; null when it did not. */
  readonly problem: string | null;
  /** Null where Slack is not configured. */
  readonly slack: SlackHealth | null;
}

/** Running alerting. */
export interface RunningAlerting {
  readonly desk: AlertDesk;
  readonly ruler: RunningRuler;
  health(): Promise<AlertingHealth>;
  /** Lets the evaluation under way finish, then closes the store. */
  close(): Promise<void>;
}

/** What it needs beside the configuration. */
export interface AlertingDeps {
  readonly composition: Composition;
  readonly logger: Logger;
  readonly environment: Environment;
  /** Waits; ends at once when the signal aborts. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const defaultIntervalMs = 30_000;
const evaluationTimeoutMs = 20_000;
const hourMs = 3_600_000;

/** Whether a configuration has incidents: objectives, or alerts of Alertmanager. */
function hasIncidents({ config }: LoadedConfig): boolean {
  return hasObjectives(config) || config.alerting?.alertmanager !== undefined;
}

/** Objectives of the configured files, with what is wrong with them, and with them in the configured mesh. */
export function readConfiguredObjectives(loaded: LoadedConfig, environment: Environment): ReadObjectives<Objective> {
  const { objectives, findings } = readDeclaredObjectives(loaded, environment);
  return { objectives: objectives.map(({ objective }) => objective), findings };
}

function readDeclaredObjectives(loaded: LoadedConfig, environment: Environment): ReadObjectives<DeclaredObjective> {
  const folder = loaded.file === null ? process.cwd() : dirname(resolve(loaded.file));
  const { objectives, findings } = loadDeclaredObjectives(loaded.config.slo?.files ?? [], { folder, environment });
  const own = objectives.map(({ objective }) => objective);
  return { objectives, findings: [...findings, ...checkDialect(own, meshSettings(loaded.config).dialect)] };
}

/**
 * Opens the store and starts to evaluate; null without objectives, and nothing is opened then.
 * @throws MESHLENS_ERR_CONFIG_INVALID for objective files with errors · MESHLENS_ERR_STORE_*
 */
export async function openAlerting(loaded: LoadedConfig, deps: AlertingDeps): Promise<RunningAlerting | null> {
  const settings = storeSettings(loaded.config);
  if (settings === null || !hasIncidents(loaded)) return null;
  const { objectives, findings } = readDeclaredObjectives(loaded, deps.environment);
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length > 0) throw new MeshlensError("MESHLENS_ERR_CONFIG_INVALID", errors.map(formatFinding).join("\n"));
  for (const finding of findings) deps.logger.warn(formatFinding(finding));
  // Its drivers take some 20 MB: a server without objectives does without them.
  const { openStore } = await import("../store/open-store.js");
  const store = await openStore({ url: settings.url, clock: deps.composition.clock });
  const houseKeeping = keepHouse(store, settings, deps.composition.clock, deps.logger);
  const { clusterSources: sources } = deps.composition;
  const changes = keepChanges({ store: store.changes, sources, logger: deps.logger });
  const slack = await openConfiguredSlack(loaded, deps, store);
  const alerting = await startAlerting(loaded, deps, { store, slack, declared: objectives });
  return {
    ...alerting,
    async close() {
      await houseKeeping.stop();
      await alerting.close();
      await slack?.close();
      await changes.stop();
      await store.close();
    },
  };
}

async function openConfiguredSlack(
  { config }: LoadedConfig,
  { composition, logger, pause }: AlertingDeps,
  { outbox }: Store,
): Promise<RunningSlack | null> {
  if (config.slack === undefined) return null;
  const { mesh, clock, selfMetrics } = composition;
  // The SDK and the renderer of charts are only for those who use them.
  const { openSlack } = await import("./open-slack.js");
  const told = { outbox, mesh, clock, logger, metrics: selfMetrics.slack };
  return openSlack(config.slack, pause === undefined ? told : { ...told, pause });
}

async function startAlerting(
  loaded: LoadedConfig,
  { composition, logger, pause = realPause }: AlertingDeps,
  {
    store,
    slack,
    declared,
  }: { readonly store: Store; readonly slack: RunningSlack | null; readonly declared: readonly DeclaredObjective[] },
): Promise<RunningAlerting> {
  const { config } = loaded;
  const named = new Set(
    config.sources.flatMap((one) => (one.kind === "kubernetes" && one.objectives ? [one.name] : [])),
  );
  const objectives = declaredNow(
    declared,
    composition.clusterSources.filter(({ name }) => named.has(name)),
    { logger, onChange: () => ruler?.inbox.objectivesChanged() },
  );
  let ruler: RunningRuler | null = null;
  const own = createOwn(objectives);
  const { clock, mesh, metricSources, selfMetrics } = composition;
  const intervalMs = durationMs(config.alerting?.interval ?? "") ?? defaultIntervalMs;
  const offsetMs = durationMs(config.alerting?.offset ?? "") ?? evaluationOffsetMs;
  const { clusters, dialect } = meshSettings(config);
  const measurer = createMeasurer({
    sources: metricSources,
    knowledge: createMetricKnowledge({ sources: metricSources, clock, clusters, dialect }),
    clock,
    store: store.sliCounts,
    answers: store.askedAnswers,
    horizonMs: ledgerTiers.keepMs,
    offsetMs,
  });
  const roster = createObjectiveRoster({
    own,
    isOwnComplete: objectives.isComplete,
    defaults: config.slo?.defaults,
    listServices: (nowMs, options) => listServices(mesh, nowMs, options),
    withIncidents: () =>
      evaluator.openIncidents().flatMap(({ objectiveId, service }) => (isForeignSubject(objectiveId) ? [] : [service])),
    fallbackCluster: clusters.fallback,
  });
  const board = createAlertBoard({ clock, serviceOf: roster.serviceOf, staleMs: 4 * intervalMs + offsetMs }, own());
  const news = createIncidentNews({
    alerts: store.alerts,
    outbox: store.outbox,
    board,
    clock,
    deliveriesFor: slack?.teller.deliveriesFor ?? (async () => []),
    due: () => slack?.teller.due() ?? [],
    restore: slack?.teller.restore ?? (async () => {}),
    onQueued: () => slack?.wake(),
  });
  const gatherer = createEvidenceGatherer({
    alerts: store.alerts,
    clock,
    snapshotOf: news.snapshotOf,
    gather: (snapshot, toMs) => {
      const objective = board.byId(snapshot.incident.objectiveId)?.objective ?? null;
      return gatherEvidence(snapshot, objective, toMs, { mesh, counts: store.sliCounts, clock });
    },
    save: news.saveEvidence,
    onFailed: (error, alert) => logger.error({ err: error, alert }, "evidence could not be gathered or stored"),
  });
  const desk = createAlertDesk({
    board,
    store,
    clock,
    onByHand: (incident) => {
      news
        .changedByHand(incident)
        .catch((error: unknown) => logger.error({ err: error }, "a message could not be queued"));
    },
    onRetry: () => slack?.wake(),
    onRefresh: ({ id }) => gatherer.refresh(id),
    ...(slack === null ? {} : { describeReceipt: slack.describe }),
    silenceThere: {
      made: async (incident, by, untilMs) => (await ruler?.silenceThere?.made(incident, by, untilMs)) ?? null,
      ended: async (incidentId) => (await ruler?.silenceThere?.ended(incidentId)) ?? null,
    },
  });
  const evaluator = createEvaluator({
    measurer,
    alerts: { load: () => store.alerts.load(), commitCycle: news.commitCycle },
    intervalMs,
    serviceOf: roster.serviceOf,
    onCommitted: (changes) => {
      for (const { transition, incident } of changes) {
        selfMetrics.alerting.transition(transition.to, transition.severity);
        const { service, id } = incident;
        logger.info({ alert: id, service, to: transition.to, severity: transition.severity }, transition.reason);
      }
      desk.changed(changes.map(({ incident }) => incident));
      for (const change of changes) {
        const moment = momentOf(change);
        if (moment === "FIRED" || moment === "ESCALATED") gatherer.fired(change.incident.id);
        if (moment === "RESOLVED") void endSilenceThere(change.incident.id);
      }
    },
  });
  const running = await openRuler(loaded, {
    composition,
    logger,
    store: store.ruler,
    declared: objectives.list,
    serviceOf: roster.serviceOf,
    board,
    evaluator,
    desk: () => desk,
  });
  ruler = running;
  async function endSilenceThere(incidentId: string): Promise<void> {
    const problem = await running.silenceThere?.ended(incidentId);
    if (problem != null) logger.warn({ alert: incidentId }, problem);
  }
  /** Not before the first evaluation: it knows the objectives that are not written in files. */
  const resumeGathering = once(() =>
    gatherer.resume().catch((error: unknown) => logger.error({ err: error }, "evidence could not be taken up again")),
  );
  let evaluatedAtMs: number | null = null;
  let problem: string | null = null;
  const observer: LoopObserver = {
    loaded: (lastMs) => {
      evaluatedAtMs = lastMs;
      running.begin();
    },
    evaluated(cycle, ofRoster, facts) {
      problem = null;
      evaluatedAtMs = cycle.evaluatedAtMs;
      board.update(ofRoster, cycle);
      void resumeGathering();
      selfMetrics.alerting.evaluated(cycle, facts, measurer.bytes());
      const open = new Map(evaluator.openIncidents().map((incident) => [incident.objectiveId, incident]));
      const moved = cycle.evaluations.filter(({ isDataNews }) => isDataNews);
      desk.changed(moved.flatMap(({ objective }) => open.get(objective.id) ?? []));
      running.inbox.tick();
    },
    skipped: (count) => selfMetrics.alerting.skipped(count),
    failed(error) {
      problem = failureWords(error);
      selfMetrics.alerting.failed();
      logger.error({ err: error }, "an evaluation failed and is repeated");
    },
    backfilled: (step) => selfMetrics.alerting.backfilled(step),
  };
  selfMetrics.alerting.watch({ board, openIncidents: () => evaluator.openIncidents() });
  const loop = startEvaluationLoop({
    evaluator,
    backfill: (nowMs, { objectives }, options) => measurer.backfill(nowMs, objectives, options),
    rosterAt: (nowMs, options) => roster.at(nowMs, options),
    clock,
    pause,
    intervalMs,
    observer,
    timeoutMs: evaluationTimeoutMs,
  });
  return {
    desk,
    ruler: running,
    health: async () => ({
      store: await store.health(),
      objectiveCount: board.list().length,
      objectiveProblems: objectives.problems(),
      evaluatedAtMs,
      problem,
      slack: slack?.health() ?? null,
    }),
    async close() {
      await loop.stop();
      await running.close();
      await gatherer.close();
    },
  };
}

/** The same list for as long as the objectives are the same. */
function createOwn({ list }: DeclaredNow): () => readonly Objective[] {
  let made: readonly DeclaredObjective[] | null = null;
  let own: readonly Objective[] = [];
  return () => {
    if (made !== list()) own = list().map(({ objective }) => objective);
    made = list();
    return own;
  };
}

/** Services with traffic in the last hour. */
async function listServices(mesh: Mesh, nowMs: number, { signal, deadlineMs }: CallOptions): Promise<ListedServices> {
  const reader = mesh.reader({ visibility: seeAll, signal, deadlineMs });
  const all = { clusters: null, namespaces: null, nameContains: null, meshes: null };
  const { value, sources } = await reader.listServices({ fromMs: nowMs - hourMs, toMs: nowMs }, all);
  return {
    services: (value ?? []).map(({ ref }) => ref),
    isComplete: value !== null && sources.every(({ state }) => state === "OK"),
  };
}

async function realPause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
