/** Meshlens as a user runs it, over the real servers of one generation, each behind a proxy that counts its calls and fails on command. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import { type RecordingProxy, startRecordingProxy } from "../support/recording-proxy.js";
import { repositoryRoot } from "../support/repository-root.js";
import { startConfigured } from "../support/start-configured.js";
import { readTestState } from "./state-file.js";

/** The servers people run together; each generation holds the same recording. */
export const generations = {
  "Prometheus 2 and Elasticsearch 8": { prometheus: "prometheus2", logs: "elasticsearch8" },
  "Prometheus 3 and Elasticsearch 9": { prometheus: "prometheus3", logs: "elasticsearch9" },
} as const;

/** One of {@link generations}. */
export type Generation = keyof typeof generations;

/** Their names, for `describe.each`. */
export const generationNames = Object.keys(generations) as readonly Generation[];

/** Sources by the name they have in the example configuration. */
export const sourceNames = ["prometheus", "jaeger", "zipkin", "logs"] as const;

/** One of {@link sourceNames}. */
export type SourceName = (typeof sourceNames)[number];

/** The answer to one operation. */
export interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors: readonly GraphqlError[];
}

/** One entry of `errors`. */
export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly source?: string };
}

/** A running Meshlens. */
export interface JoinedMesh {
  readonly url: string;
  readonly proxies: Readonly<Record<SourceName, RecordingProxy>>;
  /** Runs `examples/queries/<query>.graphql`. */
  ask<T>(query: string, variables?: object, operationName?: string): Promise<Answer<T>>;
  close(): Promise<void>;
}

const { fromMs, toMs } = readExpected();

/** The recorded range as a user asks for it. */
export const range = { absolute: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() } };

/** One of Bookinfo's services as a variable. */
export function bookinfo(name: string) {
  return { namespace: "bookinfo", name };
}

/** The text of one of the contract's queries. */
export function queryText(name: string): string {
  return readFileSync(join(repositoryRoot, "examples", "queries", `${name}.graphql`), "utf8");
}

/** Starts Meshlens on the example configuration, or on another that reads the same variables. */
export async function startJoined(generation: Generation, configuration?: string): Promise<JoinedMesh> {
  const state = readTestState();
  const { prometheus, logs } = generations[generation];
  const proxies = {
    prometheus: await startRecordingProxy(state[prometheus].url),
    jaeger: await startRecordingProxy(state.jaeger.url),
    zipkin: await startRecordingProxy(state.zipkin.url),
    logs: await startRecordingProxy(state[logs].url),
  };
  const example = () => readFileSync(join(repositoryRoot, "examples", "meshlens.yaml"), "utf8");
  const server = await startConfigured(configuration ?? example(), {
    PROMETHEUS_URL: proxies.prometheus.url,
    JAEGER_URL: proxies.jaeger.url,
    ZIPKIN_URL: proxies.zipkin.url,
    ELASTICSEARCH_URL: proxies.logs.url,
  });
  return {
    url: server.url,
    proxies,
    async ask<T>(query: string, variables: object = {}, operationName?: string): Promise<Answer<T>> {
      const response = await fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: queryText(query), variables, operationName }),
      });
      return { errors: [], ...((await response.json()) as { data: T }), status: response.status };
    },
    async close() {
      await server.stop("the tests are over");
      await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    },
  };
}
