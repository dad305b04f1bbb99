/** Objectives, store, desk and the term of the copy that leads, plugged together for `serve` when objectives are configured. Used by start-server.ts. */
import { dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { createAlertBoard } from "../alerting/alert-board.js";
import { type AlertDesk, createAlertDesk } from "../alerting/alert-desk.js";
import { createEvaluatorSlot } from "../alerting/evaluator-slot.js";
import { createObjectiveRoster, type ListedServices } from "../alerting/objective-roster.js";
import { isForeignSubject } from "../alerting/ruler/alert-subject.js";
import { durationMs } from "../config/duration.js";
import type { Environment } from "../config/interpolate.js";
import type { LoadedConfig } from "../config/load-config.js";
import { hasObjectives, type StoreSettings, storeSettings } from "../config/store-settings.js";
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
import type { Errand } from "../store/errand-store.js";
import type { Lease } from "../store/lease-store.js";
import type { Repositories, Store, StoreHealth } from "../store/store.js";
import type { CallOptions } from "../telemetry/source.js";
import { seeAll } from "../telemetry/visibility.js";
import { type DeclaredNow, declaredNow } from "./cluster-objectives.js";
import type { Composition } from "./compose.js";
import { followCopies } from "./copies/follow-copies.js";
import { createLeadership, createSoleLeadership, type Leadership, type LeaseTimes } from "./copies/lead-by-lease.js";
import type { LeaseMetrics } from "./copies/lease-metrics.js";
import { createShareOut, type ShareOut } from "./copies/share-out.js";
import { createBoardReader } from "./copies/shared-board.js";
import { keepChanges } from "./keep-changes.js";
import { meshSettings } from "./mesh-settings.js";
import { openRuler, type RunningRuler } from "./open-ruler.js";
import type { RunningSlack, SlackHealth } from "./open-slack.js";
import { packageVersion } from "./package-facts.js";
import { evaluationTimeoutMs, type RunningTerm, startTerm, type TermNews } from "./start-term.js";
import { type MakeMeasurer, measureAlone, type TermMeasuring } from "./term-measuring.js";

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
  /** Null where this copy is alone with its store. */
  readonly copies: { readonly isLeading: boolean; readonly count: number; readonly shards: number } | null;
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
  /** How long leases last where copies share the store; for tests. */
  readonly leaseTimes?: LeaseTimes;
  /** How long the parts of an incident's evidence are waited for; for tests. */
  readonly evidenceTimeoutMs?: number;
}

const defaultIntervalMs = 30_000;
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
  const { clusterSources: sources } = deps.composition;
  const changes = keepChanges({ store: store.changes, sources, logger: deps.logger });
  const slack = await openConfiguredSlack(loaded, deps, store);
  const alerting = await startAlerting(loaded, deps, { settings, store, slack, declared: objectives });
  return {
    ...alerting,
    async close() {
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

interface Opened {
  readonly settings: StoreSettings;
  readonly store: Store;
  readonly slack: RunningSlack | null;
  readonly declared: readonly DeclaredObjective[];
}

async function startAlerting(
  loaded: LoadedConfig,
  { composition, logger, pause = realPause, leaseTimes, evidenceTimeoutMs }: AlertingDeps,
  { settings, store, slack, declared }: Opened,
): Promise<RunningAlerting> {
  const { config } = loaded;
  const { isShared } = store;
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
  const { clock, mesh, selfMetrics } = composition;
  const intervalMs = durationMs(config.alerting?.interval ?? "") ?? defaultIntervalMs;
  const offsetMs = durationMs(config.alerting?.offset ?? "") ?? evaluationOffsetMs;
  const { clusters, dialect } = meshSettings(config);
  const slot = createEvaluatorSlot();
  const roster = createObjectiveRoster({
    own,
    isOwnComplete: objectives.isComplete,
    defaults: config.slo?.defaults,
    listServices: (nowMs, options) => listServices(mesh, nowMs, options),
    withIncidents: () =>
      slot.openIncidents().flatMap(({ objectiveId, service }) => (isForeignSubject(objectiveId) ? [] : [service])),
    fallbackCluster: clusters.fallback,
  });
  const board = createAlertBoard({ clock, serviceOf: roster.serviceOf, staleMs: 4 * intervalMs + offsetMs }, own());
  const desk = createAlertDesk({
    board,
    store,
    clock,
    onByHand: ({ id }) => ask({ kind: "TELL", incidentId: id }),
    onRetry: () => leadership.term()?.wakeSlack(),
    onRefresh: ({ id }) => ask({ kind: "GATHER", incidentId: id }),
    ...(slack === null ? {} : { describeReceipt: slack.describe }),
    silenceThere: {
      made: async (incident, by, untilMs) => (await ruler?.silenceThere?.made(incident, by, untilMs)) ?? null,
      ended: async (incidentId) => (await ruler?.silenceThere?.ended(incidentId)) ?? null,
    },
  });
  const running = await openRuler(loaded, {
    composition,
    logger,
    store: store.ruler,
    isShared,
    declared: objectives.list,
    serviceOf: roster.serviceOf,
    board,
    evaluator: slot,
    desk: () => desk,
  });
  ruler = running;
  let health: TermNews = { evaluatedAtMs: null, problem: null };
  const reader = createBoardReader(store.pages, board, roster);
  const knowledge = createMetricKnowledge({ sources: composition.metricSources, clock, clusters, dialect });
  const makeMeasurer: MakeMeasurer = (counts, answers) =>
    createMeasurer({
      sources: composition.metricSources,
      knowledge,
      clock,
      store: counts,
      answers,
      horizonMs: ledgerTiers.keepMs,
      offsetMs,
    });
  const shareOut: ShareOut | null = isShared
    ? createShareOut({
        store,
        makeMeasurer,
        clock,
        monotonicMs: () => performance.now(),
        pause,
        intervalMs,
        timeoutMs: evaluationTimeoutMs,
        ...(leaseTimes === undefined ? {} : { times: leaseTimes }),
        logger,
        leading: () => leadership.term()?.measuring ?? null,
        onBackfilled: selfMetrics.alerting.backfilled,
      })
    : null;
  const termOver = (repositories: Repositories, measuring: TermMeasuring) =>
    startTerm({
      measuring,
      composition,
      settings,
      store: repositories,
      logger,
      pause,
      intervalMs,
      evidenceTimeoutMs,
      slack,
      board,
      roster,
      desk,
      ruler: running,
      slot,
      isShared,
      isSurelyHeld: () => leadership.isSurelyHeld(),
      hasFollowers: () => leadership.copyCount() > 1,
      tell: (news) => {
        health = { ...health, ...news };
      },
    });
  const leadership: Leadership<RunningTerm> = shareOut
    ? createLeadership({
        leases: store.leases,
        copy: { id: store.copyId, version: packageVersion() },
        shardStance: shareOut.stance,
        monotonicMs: () => performance.now(),
        startTerm: (lease) => {
          reader.forget();
          const mine = store.under(lease, () => leadership.refused());
          return termOver(mine, shareOut.measuring(lease, mine));
        },
        observer: observeLeadership(logger, selfMetrics.lease),
        ...(leaseTimes === undefined ? {} : { times: leaseTimes }),
      })
    : createSoleLeadership(() => termOver(store, measureAlone(store, makeMeasurer, clock, logger)));
  selfMetrics.lease.watch(() => ({
    isHeld: leadership.term() !== null,
    epoch: leadership.leader()?.epoch ?? null,
    copies: leadership.copyCount(),
    shards: shareOut?.count() ?? null,
  }));
  // Of several copies one says how objectives are: the same series from all of them would be counted twice.
  const ofLeader = { list: () => (leadership.term() === null ? [] : board.list()) };
  selfMetrics.alerting.watch({ board: ofLeader, openIncidents: () => slot.openIncidents() });

  /** What only the leading copy does; of several it is written down first. */
  function ask(errand: Errand): void {
    if (!isShared) {
      leadership.term()?.run(errand);
      return;
    }
    store.errands
      .ask(errand)
      .then(() => leadership.term()?.lookForErrands())
      .catch((error: unknown) => logger.error({ err: error }, "what a person asked for could not be written down"));
  }

  async function showPages(): Promise<void> {
    if (leadership.term() !== null) return;
    const evaluatedAtMs = await reader.read();
    if (leadership.term() === null) health = { evaluatedAtMs, problem: null };
  }

  await leadership.start();
  await shareOut?.start();
  const following = isShared
    ? followCopies(store, {
        incidents: desk.changedElsewhere,
        evaluated: showPages,
        heard: running.inbox.refresh,
        outbox: () => leadership.term()?.wakeSlack(),
        errands: () => leadership.term()?.lookForErrands(),
        lease() {
          leadership.wake();
          shareOut?.wake();
        },
        cycle: () => shareOut?.asked(),
        measured: () => shareOut?.measured(),
        failed: (error) => logger.warn({ err: error }, "news of other copies could not be read; it is tried again"),
      })
    : null;
  return {
    desk,
    ruler: running,
    health: async () => ({
      store: await store.health(),
      objectiveCount: board.list().length,
      objectiveProblems: objectives.problems(),
      ...health,
      slack: slack?.health() ?? null,
      copies: shareOut && {
        isLeading: leadership.term() !== null,
        count: leadership.copyCount(),
        shards: shareOut.count(),
      },
    }),
    async close() {
      await following?.close();
      await leadership.close();
      await shareOut?.close();
      await running.close();
    },
  };
}

function observeLeadership(logger: Logger, metrics: LeaseMetrics) {
  let isFailing = false;
  return {
    taken({ epoch }: Lease) {
      isFailing = false;
      metrics.taken();
      logger.info({ epoch }, "this copy leads: it evaluates and delivers");
    },
    lost({ epoch }: Lease) {
      metrics.lost();
      logger.warn({ epoch }, "another copy leads; nothing of this one is stored any more");
    },
    failed(error: unknown) {
      metrics.failed();
      if (!isFailing) logger.warn({ err: error }, "the lease could not be asked for or used; it is tried again");
      isFailing = true;
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
async function listServices(mesh: Mesh, nowMs: number, options: CallOptions): Promise<ListedServices> {
  const reader = mesh.reader({ visibility: seeAll, ...options });
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
