/** Grafana on top of Meshlens: what fifty viewers of dashboards cost the backends, and the rows of a large graph. */
import { readFileSync } from "node:fs";
import http from "node:http";
import { interpolateGraphql } from "../dashboards/src/preview/grafana-values.js";
import { prometheus3On } from "../test/real/backends/prometheus.js";
import { startRecordingProxy } from "../test/support/recording-proxy.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { type MeshlensProcess, startMeshlens } from "./meshlens-process.js";
import { sendBare } from "./send-bare.js";
import { interleave, quantile } from "./statistics.js";
import { writeWideMesh } from "./wide-mesh.js";

const startSeconds = 1_767_225_600;
const scrapes = 4;
const viewers = 50;
const refreshes = 3;
const rounds = 7;
const gridMs = 15_000;
const lastMs = (startSeconds + (scrapes - 1) * 15) * 1000;

interface Panel {
  readonly targets?: readonly { readonly url_options?: { readonly body_graphql_query: string } }[];
}

/** Every question two dashboards ask of Meshlens, annotations too. */
function questions(): readonly string[] {
  return ["meshlens-mesh", "meshlens-investigation"].flatMap((name) => {
    const { panels, annotations } = JSON.parse(readFileSync(`dashboards/${name}.json`, "utf8")) as {
      readonly panels: readonly Panel[];
      readonly annotations: { readonly list: readonly { readonly target: NonNullable<Panel["targets"]>[number] }[] };
    };
    const targets = [
      ...panels.flatMap((panel) => panel.targets ?? []),
      ...annotations.list.map(({ target }) => target),
    ];
    return targets.flatMap(({ url_options }) => url_options?.body_graphql_query ?? []);
  });
}

/** Measures a mesh of 1,000 services and 5,000 edges. */
export async function benchGrafana({ folder, say, start }: BenchContext): Promise<readonly BenchResult[]> {
  const mesh = { services: 1_000, edges: 5_000, startSeconds, scrapes, scrapeSeconds: 15 };
  const [url = ""] = await start([prometheus3On((file) => writeWideMesh(file, mesh))]);
  const asked = questions();
  /** Everybody looks at their own "now" of the same quarter of a minute. */
  const load = (meshlens: MeshlensProcess, viewer: number) => {
    const toMs = lastMs + Math.round((viewer / viewers) * (gridMs - 1));
    const values = { fromMs: toMs - 45_000, toMs, namespace: "ns0", service: "s0" };
    return Promise.all(asked.map((query) => meshlens.ask(interpolateGraphql(query, values))));
  };

  /** Upstream requests of so many viewers who load again and again, at least three times and for as long as is said. */
  const upstreamOf = async (count: number, lastsMs: number) => {
    const proxy = await startRecordingProxy(url);
    const meshlens = await startMeshlens(folder, [{ name: "prometheus", kind: "prometheus", url: proxy.url }]);
    const startedMs = performance.now();
    const tookMs = () => performance.now() - startedMs;
    let loads = 0;
    for (; loads < refreshes || tookMs() < lastsMs; loads += 1) {
      await Promise.all(Array.from({ length: count }, (_, viewer) => load(meshlens, viewer)));
    }
    const spentMs = tookMs();
    const upstream = proxy.take().length;
    say(
      `${count} viewers, ${loads} loads of ${asked.length} questions: ${upstream} upstream, ${Math.round(spentMs)} ms`,
    );
    await meshlens.stop();
    await proxy.close();
    return { upstream, spentMs };
  };

  // Answers are kept for 15 s: one viewer is given the time that the fifty took.
  const many = await upstreamOf(viewers, 0);
  const one = await upstreamOf(1, many.spentMs);
  return [
    {
      what: `upstream requests of two dashboards (${asked.length} questions) loaded by ${viewers} viewers, against one viewer for as long`,
      measured: `${many.upstream}, one: ${one.upstream}`,
      goal: "no more",
      isMet: many.upstream <= one.upstream,
    },
    await graphRows(folder, url, say),
  ];
}

/** The node graph's two questions on top of the same upstream queries made bare. */
async function graphRows(folder: string, url: string, say: (line: string) => void): Promise<BenchResult> {
  const graph = questions().filter((query) => /Grafana_(nodes|edges)/.test(query));
  // A window of its own each round, which no cache holds.
  const ask = (meshlens: MeshlensProcess, n: number) => {
    const values = { fromMs: lastMs - 45_000 - n * gridMs, toMs: lastMs };
    return Promise.all(graph.map((query) => meshlens.ask(interpolateGraphql(query, values))));
  };
  const proxy = await startRecordingProxy(url);
  const recorded = await startMeshlens(folder, [{ name: "prometheus", kind: "prometheus", url: proxy.url }]);
  await ask(recorded, 100);
  proxy.take();
  await ask(recorded, 101);
  const requests = proxy.take();
  await recorded.stop();
  await proxy.close();

  const agent = new http.Agent({ keepAlive: true });
  const meshlens = await startMeshlens(folder, [{ name: "prometheus", kind: "prometheus", url }]);
  for (let n = 0; n < 4; n += 1) await ask(meshlens, 50 + n);
  const times = await interleave(
    {
      ours: (n) => ask(meshlens, n),
      bare: () => Promise.all(requests.map((request) => sendBare(request, agent))),
    },
    rounds,
  );
  await meshlens.stop();
  agent.destroy();
  const [ours, bare] = [quantile(times.ours, 0.5), quantile(times.bare, 0.5)];
  say(`graph rows: ${ours.toFixed(0)} ms, bare ${bare.toFixed(0)} ms in ${requests.length} requests`);
  return {
    what: "rows of Grafana's node graph at 1,000 services, 5,000 edges: time on top of the same queries made bare, p50",
    measured: `${(ours - bare).toFixed(0)} ms (${ours.toFixed(0)} − ${bare.toFixed(0)})`,
    goal: "≤ 200 ms",
    isMet: ours - bare <= 200,
  };
}
