/** Asks one trace backend what an installation depends on. Called by inspect-sources.ts. */
import { chooseName } from "../mesh/identity/trace-service-names.js";
import { amiss, type Inspection, lengthWords, passed } from "../telemetry/inspection.js";
import type { ServiceRef } from "../telemetry/service-ref.js";
import type { CallOptions } from "../telemetry/source.js";
import type { TraceSource } from "../telemetry/trace-source.js";
import { findReach, judgeRetention, traceNeeds } from "./retention.js";
import { judgeSampling, measureSampling } from "./sampling.js";

const hourMs = 3_600_000;
const staleMs = hourMs / 4;
const futureMs = 5_000;
const looked = 3;
const tracesRead = 5;

/** A service with what metrics counted of it. */
export interface CountedService {
  readonly ref: ServiceRef;
  readonly requestsPerSecond: number;
}

/** @param traffic busiest first; null where no metrics tell. @throws MESHLENS_ERR_SOURCE_* */
export async function inspectTraces(
  source: TraceSource,
  { traffic, nowMs }: { readonly traffic: readonly CountedService[] | null; readonly nowMs: number },
  options: CallOptions,
): Promise<readonly Inspection[]> {
  const names = await source.services(options);
  if (names.length === 0)
    return [
      amiss(
        "services",
        "FAIL",
        "it answers and knows no service",
        "let the mesh send its spans there (docs/guides/connect-to-istio.md), and look at the sampling rate",
      ),
    ];
  const named = (traffic ?? []).flatMap((service) => {
    const name = chooseName(service.ref, [], names);
    return name === null ? [] : [{ ...service, name }];
  });
  const searched = named.length > 0 ? named.map(({ name }) => name) : names;
  const newest = await newestStart(source, searched.slice(0, looked), nowMs, options);
  const [first] = named;
  const sampling =
    first === undefined ? null : judgeSampling(first, await measureSampling(source, first, nowMs, options));
  const needs = traceNeeds();
  const [serviceName = ""] = searched;
  const reach = await findReach(needs, nowMs, async (window) => {
    const conditions = { minDurationMs: null, maxDurationMs: null, errorsOnly: false, tags: {}, limit: 1 };
    return (await source.search({ serviceName, window, ...conditions }, options)).traces.length > 0;
  });
  return [
    judgeNames(names.length, traffic, named.length),
    ...(sampling === null ? [] : [sampling]),
    ...judgeNewest(newest, nowMs),
    judgeRetention(needs, reach, "keep traces for some days, eight where the disk allows it"),
  ];
}

async function newestStart(
  source: TraceSource,
  serviceNames: readonly string[],
  nowMs: number,
  options: CallOptions,
): Promise<number | null> {
  const conditions = { minDurationMs: null, maxDurationMs: null, errorsOnly: false, tags: {}, limit: tracesRead };
  const window = { fromMs: nowMs - hourMs, toMs: nowMs + hourMs };
  const batches = await Promise.all(
    serviceNames.map((serviceName) => source.search({ serviceName, window, ...conditions }, options)),
  );
  const starts = batches.flatMap(({ traces }) => traces.flatMap(({ spans }) => spans[0]?.startMs ?? []));
  return starts.length === 0 ? null : Math.max(...starts);
}

function judgeNames(known: number, traffic: readonly CountedService[] | null, named: number): Inspection {
  if (traffic === null || traffic.length === 0) return passed("services", `${known} services`);
  const words = `${known} services; ${named} of the ${traffic.length} with most traffic are among them`;
  if (named > 0) return passed("services", words);
  return amiss(
    "services",
    "WARN",
    words,
    "let spans bear the service's name (<name>.<namespace>, <name>), such as proxies of the mesh do by themselves",
  );
}

function judgeNewest(newestMs: number | null, nowMs: number): readonly Inspection[] {
  const remedy = "look at the collector, and whether the mesh still samples";
  if (newestMs === null)
    return [amiss("freshness", "WARN", "no trace of the last hour of the services looked at", remedy)];
  const ageMs = nowMs - newestMs;
  if (ageMs < -futureMs)
    return [
      amiss(
        "clock",
        "WARN",
        `the newest span begins ${lengthWords(-ageMs)} from now`,
        "set the clocks of the nodes by NTP",
      ),
    ];
  const message = `the newest trace is ${lengthWords(Math.max(0, ageMs))} old`;
  return [ageMs > staleMs ? amiss("freshness", "WARN", message, remedy) : passed("freshness", message)];
}
