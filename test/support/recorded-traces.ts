/** A trace source over recorded answers, or over the real server whose answers are to be recorded. */
import { createHttpClient } from "../../src/http/create-http-client.js";
import type { HttpClient } from "../../src/http/http-client.js";
import { type Clock, systemClock } from "../../src/telemetry/clock.js";
import type { TraceSource } from "../../src/telemetry/trace-source.js";
import { recordBackend, replayBackend } from "./recorded-backend.js";
import type { ZipkinTrace } from "./zipkin-spans.js";

type Make = (deps: {
  readonly config: { readonly name: string; readonly cluster: string | null; readonly isShard: boolean };
  readonly http: HttpClient;
  readonly clock: Clock;
}) => TraceSource;

/**
 * A source that answers from `test/fixtures/<fixture>`.
 * With `RECORD_<FIXTURE>="<url> <url of its Zipkin door>"` in the environment (`RECORD_JAEGER_1_76`), the traces are posted to that
 * server, which must be otherwise empty, and the folder is written anew from its answers.
 */
export async function recordedTraceSource(
  fixture: string,
  make: Make,
  traces: readonly ZipkinTrace[],
): Promise<TraceSource> {
  const record = process.env[`RECORD_${fixture.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`];
  const [url = "", doorUrl = ""] = record?.split(" ") ?? [];
  if (record !== undefined) await postZipkinSpans(doorUrl, traces);
  const backend = record === undefined ? await replayBackend(fixture) : await recordBackend(fixture, url);
  const config = { name: fixture, cluster: null, isShard: false };
  const clock = systemClock;
  const source = make({ config, http: createHttpClient({ name: fixture, url: backend.url }, { clock }), clock });
  const close = async (): Promise<void> => {
    await source.close();
    await backend.close();
  };
  if (record !== undefined) await settled(source, traces);
  return { ...source, close };
}

/** Posts traces to a Zipkin v2 door (Zipkin's own or Jaeger's). */
export async function postZipkinSpans(doorUrl: string, traces: readonly ZipkinTrace[]): Promise<void> {
  const body = JSON.stringify(traces.flat());
  const answer = await fetch(`${doorUrl}/api/v2/spans`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  if (!answer.ok) throw new Error(`${doorUrl} refused the spans: ${answer.status} ${await answer.text()}`);
}

/** Both servers store a moment after they accept: waits until every trace is there whole. */
async function settled(source: TraceSource, traces: readonly ZipkinTrace[]): Promise<void> {
  const end = Date.now() + 30_000;
  for (const spans of traces) {
    const traceId = spans[0]?.traceId ?? "";
    const count = async (): Promise<number> => {
      const options = { signal: new AbortController().signal, deadlineMs: end };
      return (await source.getTraces([traceId], null, options)).traces[0]?.spans.length ?? 0;
    };
    while ((await count()) < spans.length) {
      if (Date.now() > end) throw new Error(`trace ${traceId} did not arrive`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
