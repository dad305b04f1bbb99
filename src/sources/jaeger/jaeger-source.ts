/** TraceSource over Jaeger's query service, 1.x to the newest 2.x. Built by server/compose. */

import type { HttpClient } from "../../http/http-client.js";
import { createOffLoop } from "../../http/off-loop.js";
import { asNumber, asObject, asText } from "../../http/read-json.js";
import { newestFirst } from "../../telemetry/assemble-trace.js";
import type { Clock } from "../../telemetry/clock.js";
import { inTurns } from "../../telemetry/in-turns.js";
import type { DecodedTraces } from "../../telemetry/packed-traces.js";
import { uniqueTraceIds } from "../../telemetry/trace-id.js";
import type { TraceBatch, TraceSource } from "../../telemetry/trace-source.js";
import { createJaegerClient } from "./jaeger-client.js";
import { jsonSearchParameters, v3SearchParameters, v3TraceParameters } from "./jaeger-query.js";

/** What the adapter needs of a source's configuration. */
export interface JaegerSourceConfig {
  readonly name: string;
  readonly cluster: string | null;
  readonly isShard: boolean;
}

/** Ids in one call of the old API, which takes many. */
const maxIdsPerCall = 100;
/** v3 gives one trace a call: more ids than this are left out, and the batch says that it is cut. */
const maxGets = 20;
const getsAtOnce = 4;

/** Makes the adapter; nothing is asked before the first question. */
export function createJaegerSource(deps: {
  readonly config: JaegerSourceConfig;
  readonly http: HttpClient;
  readonly clock: Clock;
}): TraceSource {
  const { config, http, clock } = deps;
  const source = config.name;
  const offLoop = createOffLoop({ name: source, clock });
  const client = createJaegerClient({ source, http, clock }, offLoop);

  return {
    name: source,
    kind: "jaeger",
    cluster: config.cluster,
    isShard: config.isShard,
    async probe(options) {
      const api = await client.probe(options);
      const [names, version] = await Promise.all([client.services(api, options), client.version(options)]);
      return { version, capabilities: [`api-${api}`], found: `${names.length} services` };
    },
    inspect: async (options) => ({ clockSkewMs: await client.clockSkewMs(options), findings: [] }),
    services: (options) => client.withApi(options, (api) => client.services(api, options)),
    search(query, options) {
      // Jaeger refuses a search without a service, and nothing can be found for it.
      if (query.serviceName === "") return Promise.resolve({ traces: [], isCut: false, warnings: [] });
      return client.withApi(options, async (api) => {
        const isV3 = api === "v3";
        const path = isV3 ? "/api/v3/traces" : "/api/traces";
        const parameters = isV3 ? v3SearchParameters(query) : jsonSearchParameters(query);
        const found = await client.traces(api, { path, query: parameters, operation: "search" }, options);
        return {
          traces: found.traces.slice(0, query.limit),
          isCut: found.receivedCount >= query.limit,
          warnings: found.warnings,
        };
      });
    },
    getTraces(traceIds, window, options) {
      const ids = uniqueTraceIds(traceIds);
      if (ids.length === 0) return Promise.resolve({ traces: [], isCut: false, warnings: [] });
      return client.withApi(options, async (api) => {
        const isV3 = api === "v3";
        const asked = ids.slice(0, isV3 ? maxGets : maxIdsPerCall);
        const answers = isV3
          ? await inTurns(asked, getsAtOnce, (id) => {
              const request = { path: `/api/v3/traces/${id}`, query: v3TraceParameters(window), operation: "trace" };
              return client.traces(api, request, options);
            })
          : [
              await client.traces(
                api,
                { path: "/api/traces", query: { traceID: asked, raw: "true" }, operation: "traces" },
                options,
              ),
            ];
        return joinAnswers(answers, ids.length - asked.length);
      });
    },
    async dependencies(window, options) {
      const lookback = Math.max(1, Math.ceil(window.toMs - window.fromMs));
      const query = { endTs: String(Math.floor(window.toMs)), lookback: String(lookback) };
      const links = await client.data({ path: "/api/dependencies", query, operation: "dependencies" }, options);
      return links.map((value, i) => {
        const at = `data[${i}]`;
        const { parent, child, callCount } = asObject(source, at, value);
        return {
          source: asText(source, `${at}.parent`, parent),
          destination: asText(source, `${at}.child`, child),
          callCount: asNumber(source, `${at}.callCount`, callCount),
        };
      });
    },
    async close() {
      await Promise.all([offLoop.close(), http.close()]);
    },
  };
}

function joinAnswers(answers: readonly DecodedTraces[], leftOutCount: number): TraceBatch {
  const [only] = answers;
  const traces =
    answers.length === 1 && only !== undefined ? only.traces : newestFirst(answers.flatMap((answer) => answer.traces));
  const warnings = [...new Set(answers.flatMap((answer) => answer.warnings))];
  if (leftOutCount > 0)
    warnings.push(`${leftOutCount} further traces were not asked for: one lookup takes at most so many.`);
  return { traces, isCut: leftOutCount > 0, warnings };
}
