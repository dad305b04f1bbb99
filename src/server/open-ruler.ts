/** Alertmanager plugged in for `serve`: inbox of its alerts, its API, silences both ways. Used by open-alerting.ts. */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { AlertBoard } from "../alerting/alert-board.js";
import type { AlertDesk } from "../alerting/alert-desk.js";
import type { Evaluator } from "../alerting/evaluator.js";
import type { ObjectiveRoster } from "../alerting/objective-roster.js";
import { type AlertInbox, createAlertInbox } from "../alerting/ruler/alert-inbox.js";
import type { AlertLabelNames, RuledObjective } from "../alerting/ruler/alert-subject.js";
import { askAlertmanager } from "../alerting/ruler/ask-alertmanager.js";
import { createSilenceThere, type SilenceThere } from "../alerting/ruler/silence-there.js";
import { foreignAlert } from "../alerting/ruler/subject-book.js";
import { alertmanagerSchema } from "../config/alertmanager-schema.js";
import { durationMs } from "../config/duration.js";
import type { LoadedConfig } from "../config/load-config.js";
import { createHttpClient } from "../http/create-http-client.js";
import type { DeclaredObjective } from "../slo/readers/declared-objective.js";
import { alertName, slothNames } from "../slo/rules/sloth-names.js";
import { createAlertmanagerSource } from "../sources/alertmanager/alertmanager-source.js";
import type { RulerStore } from "../store/ruler-store.js";
import type { RulerLabels, RulerSource } from "../telemetry/ruler-alert.js";
import type { Composition } from "./compose.js";
import { observeCalls } from "./observe-calls.js";

/** Alertmanager, plugged in. */
export interface RunningRuler {
  readonly inbox: AlertInbox;
  /** Null where its address is not configured. */
  readonly source: RulerSource | null;
  /** Null where its address is not configured. */
  readonly silenceThere: SilenceThere | null;
  readonly maxBodyBytes: number;
  /** The incidents may be moved; Alertmanager is asked from now on. */
  begin(): void;
  /** Another copy does that from now on. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** What it works with; the evaluator and the desk are asked for when they are needed, because they are made after it. */
export interface RulerDeps {
  readonly composition: Composition;
  readonly logger: Logger;
  readonly store: RulerStore;
  /** Whether other copies hear alerts too. */
  readonly isShared: boolean;
  readonly declared: () => readonly DeclaredObjective[];
  readonly serviceOf: ObjectiveRoster["serviceOf"];
  readonly board: Pick<AlertBoard, "byId">;
  readonly evaluator: Pick<Evaluator, "rule" | "ruled" | "openIncidents">;
  readonly desk: () => AlertDesk;
}

const askEveryMs = 30_000;
const timeoutMs = 8_000;

/** Opens what is configured, with what fired as of the last stop. @throws MESHLENS_ERR_STORE_* */
export async function openRuler(loaded: LoadedConfig, deps: RulerDeps): Promise<RunningRuler> {
  const { composition, logger, store, isShared, board, evaluator, serviceOf, desk } = deps;
  const { clock, selfMetrics, tracing } = composition;
  const config = loaded.config.alerting?.alertmanager ?? alertmanagerSchema.parse({});
  const names: AlertLabelNames = {
    ...config.labels,
    pageSeverities: config.pageSeverities.map((one) => one.toLowerCase()),
  };
  const byNames = createNameTable(deps.declared);
  const inbox = createAlertInbox({
    store,
    isShared,
    evaluator,
    terms: () => ({
      names,
      objectiveOf: (service, slo) => byNames.get(service, slo),
      serviceOf: ({ cluster, ...service }) => serviceOf({ ...service, cluster }),
    }),
    statusOf: (id) => board.byId(id),
    clock,
    mostAlerts: config.maxAlerts,
    forgetMs: durationMs(config.forgetAfter) ?? Number.POSITIVE_INFINITY,
    onFailed: (error) => logger.error({ err: error }, "incidents could not follow Alertmanager; it is tried again"),
  });
  selfMetrics.webhook.watch(() => inbox.counts());
  await inbox.load();
  const source =
    loaded.alertmanager === undefined
      ? null
      : createAlertmanagerSource(
          loaded.alertmanager.name,
          createHttpClient(loaded.alertmanager, { clock, observer: observeCalls(selfMetrics, tracing) }),
        );
  const labelsOf = (subjectId: string): RulerLabels | null => {
    const group = inbox.alertsOf(subjectId);
    if (group !== null && group.subject.objective === null) return foreignAlert(group.alerts).labels;
    return byNames.identityOf(subjectId);
  };
  let stopping = new AbortController();
  let asking: Promise<void> = Promise.resolve();

  async function askForEver(asked: RulerSource, signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await delay(askEveryMs, undefined, { signal }).catch(() => {})) {
      try {
        const options = { signal, deadlineMs: clock.nowMs() + timeoutMs };
        const openIncidents = () => evaluator.openIncidents();
        await askAlertmanager({ source: asked, inbox, openIncidents, desk: desk(), clock }, options);
      } catch (error) {
        if (!signal.aborted) logger.warn({ err: error }, "Alertmanager could not be asked; what is known stays");
      }
    }
  }

  return {
    inbox,
    source,
    silenceThere: source && createSilenceThere({ source, store, labelsOf, clock, timeoutMs }),
    maxBodyBytes: config.maxBodyBytes,
    begin() {
      inbox.begin();
      stopping = new AbortController();
      if (source !== null) asking = askForEver(source, stopping.signal);
    },
    async end() {
      stopping.abort();
      await asking;
      await inbox.end();
    },
    async close() {
      stopping.abort();
      await asking;
      await inbox.close();
      await source?.close();
    },
  };
}

/** Objectives by the names their rules have; made anew when there are others. */
function createNameTable(declared: () => readonly DeclaredObjective[]) {
  let made: readonly DeclaredObjective[] | null = null;
  let byNames = new Map<string, RuledObjective>();
  let identities = new Map<string, RulerLabels>();
  const keyOf = (service: string, slo: string) => JSON.stringify([service, slo]);
  function upToDate(): void {
    const now = declared();
    if (now === made) return;
    made = now;
    byNames = new Map(
      now.map((one) => [
        keyOf(one.names.service, one.names.slo),
        { objective: one.objective, alertName: alertName(one) },
      ]),
    );
    identities = new Map(now.map((one) => [one.objective.id, slothNames(one).identity]));
  }
  return {
    get(service: string, slo: string): RuledObjective | null {
      upToDate();
      return byNames.get(keyOf(service, slo)) ?? null;
    },
    /** Labels of every alert of an objective; null for one that is in no file. */
    identityOf(objectiveId: string): RulerLabels | null {
      upToDate();
      return identities.get(objectiveId) ?? null;
    },
  };
}
