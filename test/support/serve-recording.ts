/**
 * `npm run try`: Meshlens over six recorded minutes of a Bookinfo mesh in memory, no backend needed. Prints what one query tells about a
 * failing service, then serves GraphiQL. Time goes on from the recording's end, so that the last hour holds it.
 */
import { loadConfig } from "../../src/config/load-config.js";
import { composeOver } from "../../src/server/compose.js";
import { startServer } from "../../src/server/start-server.js";
import { readExpected } from "./bookinfo/fixture-files.js";
import { recordedSources } from "./bookinfo/recorded-sources.js";
import { writeConfig } from "./start-configured.js";

interface Page {
  readonly golden: {
    readonly requestCount: number;
    readonly errorRatio: { readonly value: number };
    readonly failures: readonly { readonly cause: string; readonly count: number }[];
    readonly latency: readonly { readonly quantile: number; readonly value: number }[];
  };
  readonly dependencies: {
    readonly edges: readonly {
      readonly source: { readonly label: string };
      readonly destination: { readonly label: string };
      readonly protocol: string;
      readonly golden: { readonly requestCount: number; readonly errorRatio: { readonly value: number } | null };
    }[];
  };
  readonly traces: {
    readonly nodes: readonly {
      readonly traceId: string;
      readonly durationMs: number;
      readonly spanCount: number;
      readonly logs: {
        readonly match: string;
        readonly nodes: readonly { readonly level: string; readonly message: string }[];
      };
    }[];
  };
}

const question = `query Try($service: ServiceRefInput!, $range: RangeInput) {
  service(ref: $service, range: $range) {
    golden { requestCount errorRatio { value } failures { cause count } latency(quantiles: [0.5, 0.95]) { quantile value } }
    dependencies { edges { source { label } destination { label } protocol golden { requestCount errorRatio { value } } } }
    traces(filter: { errorsOnly: true }, first: 2) {
      nodes { traceId durationMs spanCount logs(first: 20) { match nodes { level message } } }
    }
  }
}`;

/** Starts, asks and prints; resolves when a signal has ended the server. */
export async function serveRecording(port: number): Promise<void> {
  const { fromMs, toMs } = readExpected();
  const range = { absolute: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() } };
  const offsetMs = toMs - Date.now();
  const clock = { nowMs: () => Date.now() + offsetMs };
  const loaded = loadConfig(writeConfig(`server: { port: ${port}, logLevel: warn }\n`), {});
  const server = await startServer(loaded, { clock, composition: composeOver(loaded, clock, recordedSources(clock)) });
  const answer = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: question,
      variables: { service: { namespace: "bookinfo", name: "reviews" }, range },
    }),
  });
  const { data } = (await answer.json()) as { data: { service: Page } };
  print(data.service, server.url);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.stop("signal");
}

function print({ golden, dependencies, traces }: Page, url: string): void {
  const percent = (ratio: number | undefined) => (ratio === undefined ? "" : `${(ratio * 100).toFixed(1)} % failed`);
  const say = (line = "") => console.log(line);
  say("reviews.bookinfo over six recorded minutes, in one GraphQL query:");
  const failures = golden.failures.map(({ cause, count }) => `${count} ${cause}`).join(", ");
  say(`  calls      ${golden.requestCount}, ${percent(golden.errorRatio.value)}: ${failures}`);
  say(
    `  latency    ${golden.latency.map(({ quantile, value }) => `p${quantile * 100} ${Math.round(value)} ms`).join(", ")}`,
  );
  for (const { source, destination, protocol, golden: own } of dependencies.edges) {
    const ends = `${source.label} → ${destination.label}`.padEnd(34);
    say(
      `  edge       ${ends} ${protocol.padEnd(5)} ${String(own.requestCount).padStart(4)} calls  ${percent(own.errorRatio?.value)}`,
    );
  }
  for (const { traceId, durationMs, spanCount, logs } of traces.nodes) {
    say(
      `  trace      ${traceId}  ${Math.round(durationMs)} ms, ${spanCount} spans, ${logs.nodes.length} log lines by ${logs.match}`,
    );
    for (const { level, message } of logs.nodes.filter((line) => line.level === "ERROR").slice(0, 2))
      say(`    ${level}    ${message}`);
  }
  say();
  say(`GraphiQL with the nine queries of examples/queries: ${url}/graphiql   (Ctrl-C ends it)`);
}
