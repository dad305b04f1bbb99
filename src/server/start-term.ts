/**
 * What only one copy does, and does for as long as it leads: evaluate, gather evidence, deliver, follow Alertmanager, tidy. Begun by
 * open-alerting.ts over a store whose writes are refused as soon as another copy leads.
 */
import type { Logger } from "pino";
import type { AlertBoard } from "../alerting/alert-board.js";
import type { AlertDesk } from "../alerting/alert-desk.js";
import { failureWords, type LoopObserver, startEvaluationLoop } from "../alerting/evaluation-loop.js";
import { createEvaluator } from "../alerting/evaluator.js";
import type { EvaluatorSlot } from "../alerting/evaluator-slot.js";
import { createEvidenceGatherer } from "../alerting/gathering/evidence-gatherer.js";
import { gatherEvidence } from "../alerting/gathering/gather-evidence.js";
import { createIncidentNews, momentOf } from "../alerting/incident-news.js";
import type { ObjectiveRoster } from "../alerting/objective-roster.js";
import type { StoreSettings } from "../config/store-settings.js";
import { isMeshlensError } from "../errors.js";
import type { Errand } from "../store/errand-store.js";
import type { Repositories } from "../store/store.js";
import { once } from "../telemetry/once.js";
import type { Composition } from "./compose.js";
import type { Term } from "./copies/lead-by-lease.js";
import { createBoardWriter } from "./copies/shared-board.js";
import { keepHouse } from "./keep-house.js";
import type { RunningRuler } from "./open-ruler.js";
import type { RunningSlack } from "./open-slack.js";
import type { TermMeasuring } from "./term-measuring.js";

/** How evaluations went, for /readyz. */
export interface TermNews {
  readonly evaluatedAtMs: number | null;
  /** Why the last one failed; null when it did not. */
  readonly problem: string | null;
}

/** What a term works with. */
export interface TermDeps {
  readonly composition: Composition;
  readonly settings: StoreSettings;
  /** Its writes are refused once another copy leads. */
  readonly store: Repositories;
  readonly logger: Logger;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly intervalMs: number;
  readonly evidenceTimeoutMs: number | undefined;
  readonly measuring: TermMeasuring;
  readonly slack: RunningSlack | null;
  readonly board: AlertBoard;
  readonly roster: ObjectiveRoster;
  readonly desk: AlertDesk;
  readonly ruler: RunningRuler;
  readonly slot: EvaluatorSlot;
  /** Whether no other copy can lead by now. */
  readonly isSurelyHeld: () => boolean;
  readonly isShared: boolean;
  /** Whether there are copies to show what was found. */
  readonly hasFollowers: () => boolean;
  readonly tell: (news: Partial<TermNews>) => void;
}

/** A running term. */
export interface RunningTerm extends Term {
  run(errand: Errand): void;
  /** Looks for what was asked of other copies. */
  lookForErrands(): void;
  /** Something is in the outbox. */
  wakeSlack(): void;
  readonly measuring: TermMeasuring;
}

/** Deadline of the questions of one evaluation. */
export const evaluationTimeoutMs = 20_000;

/** Begins. @throws MESHLENS_ERR_STORE_* and nothing of it runs */
export async function startTerm(deps: TermDeps): Promise<RunningTerm> {
  const { composition, store, logger, intervalMs, board, roster, desk, ruler, slot, isShared, measuring, tell } = deps;
  const { clock, mesh, selfMetrics } = composition;
  const { measurer } = measuring;
  if (isShared) await ruler.inbox.refresh(null);
  const slack = (await deps.slack?.startTerm(store.outbox, deps)) ?? null;
  const houseKeeping = keepHouse(store, deps.settings, clock, logger);
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
      const patience = deps.evidenceTimeoutMs === undefined ? {} : { timeoutMs: deps.evidenceTimeoutMs };
      return gatherEvidence(snapshot, objective, toMs, { mesh, counts: store.sliCounts, clock, ...patience });
    },
    save: news.saveEvidence,
    onFailed: (error, alert) => logger.error({ err: error, alert }, "evidence could not be gathered or stored"),
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
  async function endSilenceThere(incidentId: string): Promise<void> {
    const problem = await ruler.silenceThere?.ended(incidentId);
    if (problem != null) logger.warn({ alert: incidentId }, problem);
  }
  slot.put(evaluator);
  /** Not before the first evaluation: it knows the objectives that are not written in files. */
  const resumeGathering = once(() =>
    gatherer.resume().catch((error: unknown) => logger.error({ err: error }, "evidence could not be taken up again")),
  );
  const writer = createBoardWriter(store.pages, roster.serviceOf);
  let isWriting = false;
  const observer: LoopObserver = {
    loaded: (lastMs) => {
      tell({ evaluatedAtMs: lastMs });
      ruler.begin();
      errands.look();
    },
    evaluated(cycle, ofRoster, facts) {
      tell({ evaluatedAtMs: cycle.evaluatedAtMs, problem: null });
      board.update(ofRoster, cycle);
      void resumeGathering();
      selfMetrics.alerting.evaluated(cycle, facts, measurer.bytes());
      const open = new Map(evaluator.openIncidents().map((incident) => [incident.objectiveId, incident]));
      const moved = cycle.evaluations
        .filter(({ isDataNews }) => isDataNews)
        .flatMap(({ objective }) => open.get(objective.id) ?? []);
      desk.changed(moved);
      ruler.inbox.tick();
      if (!deps.hasFollowers() || isWriting) return;
      isWriting = true;
      const ids = moved.map(({ id }) => id);
      void writer
        .save(ofRoster, cycle, ids)
        .catch((error: unknown) => logger.warn({ err: error }, "other copies could not be shown the evaluation"))
        .finally(() => {
          isWriting = false;
        });
    },
    skipped: (count) => selfMetrics.alerting.skipped(count),
    failed(error) {
      tell({ problem: failureWords(error) });
      selfMetrics.alerting.failed();
      const isTaken = isMeshlensError(error) && error.code === "MESHLENS_ERR_STORE_FENCED";
      if (isTaken) logger.warn("an evaluation was not stored: another copy leads");
      else logger.error({ err: error }, "an evaluation failed and is repeated");
    },
    backfilled: (step) => selfMetrics.alerting.backfilled(step),
  };
  function run({ kind, incidentId }: Errand): Promise<void> {
    if (kind === "TELL") return news.changedByHand({ id: incidentId });
    gatherer.refresh(incidentId);
    return Promise.resolve();
  }
  const errands = createErrandRunner(store, run, logger);
  const loop = startEvaluationLoop({
    evaluator,
    ...measuring,
    rosterAt: (nowMs, options) => roster.at(nowMs, options),
    clock,
    pause: deps.pause,
    intervalMs,
    observer,
    timeoutMs: evaluationTimeoutMs,
  });
  return {
    run: (errand) => {
      run(errand).catch((error: unknown) => logger.error({ err: error }, "a message could not be queued"));
    },
    lookForErrands: errands.look,
    wakeSlack: () => slack?.wake(),
    measuring,
    close: once(async () => {
      await houseKeeping.stop();
      measuring.giveUp();
      await loop.stop();
      await measuring.close();
      await ruler.end();
      await errands.close();
      await gatherer.close();
      await slack?.close();
      slot.put(null);
    }),
  };
}

/** Does what was asked of other copies, one thing after the other. */
function createErrandRunner({ errands }: Repositories, run: (errand: Errand) => Promise<void>, logger: Logger) {
  let isClosed = false;
  let isWanted = false;
  let running: Promise<void> | null = null;

  async function doAll(): Promise<void> {
    while (isWanted && !isClosed) {
      isWanted = false;
      for (const { number, ...errand } of await errands.waiting()) {
        if (isClosed) return;
        await run(errand);
        await errands.done(number);
      }
    }
  }

  return {
    look() {
      isWanted = true;
      running ??= doAll()
        .catch((error: unknown) => logger.warn({ err: error }, "what was asked of another copy waits"))
        .finally(() => {
          running = null;
        });
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}
