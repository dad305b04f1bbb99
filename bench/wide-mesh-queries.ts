/** Service list and graph of growing meshes: number of questions, our own time on top of Prometheus's, memory under load. */
import http from "node:http";
import { prometheus3On } from "../test/real/backends/prometheus.js";
import { startRecordingProxy } from "../test/support/recording-proxy.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { startMeshlens } from "./meshlens-process.js";
import { sendBare } from "./send-bare.js";
import { interleave, quantile } from "./statistics.js";
import { writeWideMesh } from "./wide-mesh.js";

const startSeconds = 1_767_225_600;
// Few, so that a block of 160,000 series is written in seconds.
const scrapes = 4;
const rounds = 15;

/** Measures meshes of 10, 100 and 1,000 services with five edges each. */
export async function benchWideMesh(context: BenchContext): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const services of [10, 100, 1_000]) results.push(...(await measure(services, context)));
  return results;
}

async function measure(services: number, { folder, say, start }: BenchContext): Promise<readonly BenchResult[]> {
  const mesh = { services, edges: services * 5, startSeconds, scrapes, scrapeSeconds: 15 };
  const [url = ""] = await start([prometheus3On((file) => writeWideMesh(file, mesh))]);
  const endMs = (startSeconds + (scrapes - 1) * 15) * 1000;
  const range = (n: number) => ({
    absolute: { from: new Date(startSeconds * 1000).toISOString(), to: new Date(endMs - n * 10).toISOString() },
  });
  const ask = {
    services: { document: "services", variables: (n: number) => ({ range: range(n), first: 100 }) },
    "service-graph": { document: "service-graph", variables: (n: number) => ({ range: range(n) }) },
  };

  const results: BenchResult[] = [];
  const agent = new http.Agent({ keepAlive: true });
  for (const { document, variables } of Object.values(ask)) {
    const proxy = await startRecordingProxy(url);
    const recorded = await startMeshlens(folder, [{ name: "prometheus", kind: "prometheus", url: proxy.url }]);
    await recorded.query(document, variables(1_000));
    const cold = proxy.take().filter(isQuery).length;
    await recorded.query(document, variables(1_001));
    const requests = proxy.take();
    await recorded.stop();
    await proxy.close();
    results.push({
      what: `PromQL queries of ${document} at ${services} services, cold`,
      measured: String(cold),
      goal: "≤ 8",
      isMet: cold <= 8,
    });
    if (services < 1_000) continue;

    const meshlens = await startMeshlens(folder, [{ name: "prometheus", kind: "prometheus", url }]);
    for (let n = 0; n < 4; n += 1) await meshlens.query(document, variables(500 + n));
    const times = await interleave(
      {
        ours: (n) => meshlens.query(document, variables(n)),
        bare: () => Promise.all(requests.map((request) => sendBare(request, agent))),
      },
      rounds,
    );
    const [ours, bare] = [quantile(times.ours, 0.5), quantile(times.bare, 0.5)];
    say(`${document} at ${services} services: ${ours.toFixed(0)} ms, bare ${bare.toFixed(0)} ms`);
    results.push({
      what: `${document} at ${services} services, ${mesh.edges} edges: time on top of the same queries made bare, p50`,
      measured: `${(ours - bare).toFixed(0)} ms (${ours.toFixed(0)} − ${bare.toFixed(0)})`,
      goal: "≤ 150 ms",
      isMet: ours - bare <= 150,
    });
    results.push(await memoryUnderLoad(document, meshlens, variables));
    await meshlens.stop();
  }
  agent.destroy();
  return results;
}

async function memoryUnderLoad(
  document: string,
  meshlens: Awaited<ReturnType<typeof startMeshlens>>,
  variables: (n: number) => Record<string, unknown>,
): Promise<BenchResult> {
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, meshlens.residentBytes());
  }, 20);
  // Twenty askers at once over five ranges: some share a call, some do not.
  await Promise.all(Array.from({ length: 20 }, (_, n) => meshlens.query(document, variables(100 + (n % 5)))));
  clearInterval(watch);
  const megabytes = Math.round(most / 1e6);
  return {
    what: `resident memory under 20 concurrent ${document} queries at 1,000 services, highest`,
    measured: `${megabytes} MB`,
    goal: "≤ 300 MB",
    isMet: megabytes <= 300,
  };
}

function isQuery(request: { readonly url: string }): boolean {
  return /\/api\/v1\/query(_range)?(\?|$)/.test(request.url);
}
