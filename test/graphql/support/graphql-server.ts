/** The GraphQL endpoint over a real mesh of given sources, for tests; asked in process or over a socket. */
import { readFileSync } from "node:fs";
import Fastify, { type FastifyInstance } from "fastify";
import type { FormattedExecutionResult } from "graphql";
import type { GraphqlDeps, OperationReport } from "../../../src/graphql/graphql-deps.js";
import { registerGraphql } from "../../../src/graphql/register-graphql.js";
import { createMesh, type MeshDeps } from "../../../src/mesh/create-mesh.js";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { noLinkTargets } from "../../../src/mesh/links/link-targets.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import { seeAll } from "../../../src/telemetry/visibility.js";
import { t0 } from "../../support/spans.js";

/** An answer with its HTTP status. */
export interface GraphqlAnswer extends FormattedExecutionResult {
  readonly status: number;
  readonly contentType: string;
}

/** A question as it goes out. */
export interface GraphqlQuestion {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
}

/** The endpoint and what it told about itself. */
export interface GraphqlServer {
  readonly app: FastifyInstance;
  readonly reports: readonly OperationReport[];
  readonly internalErrors: readonly unknown[];
  ask(question: GraphqlQuestion, headers?: Record<string, string>): Promise<GraphqlAnswer>;
  close(): Promise<void>;
}

/** Half an hour around the made-up traces and logs (support/spans.ts). */
export const aroundT0 = {
  absolute: { from: new Date(t0 - 1_800_000).toISOString(), to: new Date(t0 + 1_800_000).toISOString() },
};

/** A caller who may do everything. */
export const everyone = { name: "tester", visibility: seeAll, actions: new Set(["read", "debug", "operate"] as const) };

/** Starts the endpoint; sources left out are none. */
export async function startGraphql(
  sources: Partial<Pick<MeshDeps, "metricSources" | "traceSources" | "logSources" | "workloadSources" | "clock">> = {},
  given: Partial<GraphqlDeps> = {},
): Promise<GraphqlServer> {
  const app = Fastify();
  const reports: OperationReport[] = [];
  const internalErrors: unknown[] = [];
  const mesh = createMesh({
    metricSources: [],
    traceSources: [],
    logSources: [],
    workloadSources: [],
    clock: systemClock,
    ...sources,
    clusters: noClusterNames,
    links: noLinkTargets,
    dialect: null,
  });
  await registerGraphql(app, {
    mesh,
    clock: systemClock,
    principalOf: () => everyone,
    onOperation: (report) => reports.push(report),
    onInternalError: (error) => internalErrors.push(error),
    ...given,
  });
  await app.ready();
  return {
    app,
    reports,
    internalErrors,
    async ask(question, headers = {}) {
      const response = await app.inject({ method: "POST", url: "/graphql", payload: { ...question }, headers });
      const body = response.json<FormattedExecutionResult>();
      return { status: response.statusCode, contentType: String(response.headers["content-type"]), ...body };
    },
    async close() {
      await app.close();
    },
  };
}

/** The text of a file of examples/queries. */
export function exampleQuery(name: string): string {
  return readFileSync(new URL(`../../../../examples/queries/${name}.graphql`, import.meta.url), "utf8");
}
