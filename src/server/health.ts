/** /healthz (the process lives) and /readyz (valid configuration, every source tried once; a dead source is no reason to be unready). */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "../telemetry/clock.js";
import type { Source } from "../telemetry/source.js";
import type { AlertingHealth, RunningAlerting } from "./open-alerting.js";
import { type ProbeReport, probeSources } from "./probe-sources.js";
import { reportJson } from "./report-json.js";

const keepMs = 15_000;
const probeTimeoutMs = 2_000;

/** What the two routes need. */
export interface HealthDeps {
  readonly sources: readonly Source[];
  readonly clock: Clock;
  /** Null: no objectives are configured. */
  readonly alerting: Pick<RunningAlerting, "health"> | null;
  /** Whether a request may read the reasons of failures and how many objectives there are: they name addresses, and tell of all namespaces. */
  readonly mayReadDetails: (request: FastifyRequest) => Promise<boolean>;
}

/** Adds the routes; sources are tried for the first time when the server is ready, without waiting for them. */
export function registerHealth(app: FastifyInstance, { sources, clock, alerting, mayReadDetails }: HealthDeps): void {
  let reports: readonly ProbeReport[] | null = null;
  let underWay: Promise<readonly ProbeReport[]> | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;

  const refresh = () => {
    underWay ??= probeSources(sources, { clock, timeoutMs: probeTimeoutMs }).then((fresh) => {
      reports = fresh;
      askedAtMs = clock.nowMs();
      underWay = null;
      return fresh;
    });
    return underWay;
  };

  app.addHook("onListen", async () => {
    void refresh();
  });

  app.get("/healthz", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "ok" };
  });

  app.get("/readyz", async (request, reply) => {
    const known = reports !== null && clock.nowMs() - askedAtMs < keepMs ? reports : await refresh();
    const withDetails = await mayReadDetails(request);
    reply.header("cache-control", "no-store");
    return {
      ready: true,
      configuration: "valid",
      sources: known.map((report) => reportJson(withDetails ? report : { ...report, message: null })),
      ...(alerting === null ? {} : alertingParts(await alerting.health(), withDetails)),
    };
  });
}

/** Of objects of clusters; the log has all of them. */
const mostProblems = 20;

/** A store that fails stops evaluations, not answers: it is told and no reason to be unready. */
function alertingParts(
  { store, objectiveCount, objectiveProblems, evaluatedAtMs, problem, slack, copies }: AlertingHealth,
  withDetails: boolean,
) {
  return {
    store: {
      kind: store.kind,
      usable: store.isUsable,
      schemaVersion: store.schemaVersion,
      message: withDetails ? store.problem : null,
    },
    alerting: {
      objectives: withDetails ? objectiveCount : null,
      ...(objectiveProblems.length === 0
        ? {}
        : { problems: withDetails ? objectiveProblems.slice(0, mostProblems) : null }),
      evaluatedAt: evaluatedAtMs === null ? null : new Date(evaluatedAtMs).toISOString(),
      failing: problem !== null,
      message: withDetails ? problem : null,
    },
    ...(copies === null ? {} : { copies: { leading: copies.isLeading, count: copies.count, shards: copies.shards } }),
    ...(slack === null ? {} : { slack: { usable: slack.isUsable, message: withDetails ? slack.problem : null } }),
  };
}
