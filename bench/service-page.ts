/** The service page, started as the image starts it, against its own upstream calls, made bare and in parallel: what Meshlens adds. */
import http from "node:http";
import { type RecordedRequest, startRecordingProxy } from "../test/support/recording-proxy.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { startMeshlens } from "./meshlens-process.js";
import { pageVariables, startPageSources } from "./page-question.js";
import { sendBare } from "./send-bare.js";
import { interleave, quantile } from "./statistics.js";

const rounds = 200;
/** As a server that has run for a while: V8 compiles what is hot only after some dozens of pages. */
const warmPages = 100;
const idleGoalBytes = 120_000_000;

/** Measures the page on the recorded Bookinfo, and a hundred clients who ask for the same page at once. */
export async function benchServicePage({ folder, say, start }: BenchContext): Promise<readonly BenchResult[]> {
  const sources = await startPageSources(start);

  const proxies = await Promise.all(sources.map(({ url }) => startRecordingProxy(url)));
  const recorded = await startMeshlens(
    folder,
    sources.map((source, i) => ({ ...source, url: proxies[i]?.url ?? "" })),
  );
  await recorded.query("service-page", pageVariables(1_000));
  for (const proxy of proxies) proxy.take();
  // A page of its own for each round: of a question that repeats, Elasticsearch has the answer at hand, and ours never repeat.
  const pages: (readonly RecordedRequest[])[] = [];
  for (let n = 0; n < rounds; n += 1) {
    await recorded.query("service-page", pageVariables(1_001 + n));
    pages.push(proxies.flatMap((proxy) => proxy.take()));
  }
  const calls = pages[0]?.length ?? 0;
  const counts = `${calls} upstream calls`;
  const clients = Array.from({ length: 100 }, () => recorded.query("service-page", pageVariables(1_002)));
  await Promise.all(clients);
  const forHundred = proxies.flatMap((proxy) => proxy.take()).length;
  await recorded.stop();
  await Promise.all(proxies.map((proxy) => proxy.close()));

  const logs = sources.find(({ kind }) => kind === "elasticsearch")?.url;
  await fetch(`${logs}/_cache/clear`, { method: "POST" });

  const agent = new http.Agent({ keepAlive: true });
  const meshlens = await startMeshlens(folder, sources);
  // V8 gives back what reading the code took once nothing has happened for some seconds: that is what idle means.
  let idleBytes = meshlens.residentBytes();
  for (let second = 0; second < 60 && idleBytes > idleGoalBytes; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    idleBytes = meshlens.residentBytes();
  }
  for (let n = 0; n < warmPages; n += 1) await meshlens.query("service-page", pageVariables(2_000 + n));
  const times = await interleave(
    {
      page: (n) => meshlens.query("service-page", pageVariables(n)),
      bare: (n) => Promise.all((pages[n] ?? []).map((request) => sendBare(request, agent))),
    },
    rounds,
  );
  agent.destroy();
  await meshlens.stop();
  const page = quantile(times.page, 0.5);
  const bare = quantile(times.bare, 0.5);
  say(`page ${page.toFixed(1)} ms, bare ${bare.toFixed(1)} ms (${counts}), medians of ${rounds}`);
  const megabytes = Math.round(idleBytes / 1e6);
  return [
    {
      what: `service page ÷ its ${counts} made bare and in parallel, p50`,
      measured: `${(page / bare).toFixed(2)} (${page.toFixed(0)} ms ÷ ${bare.toFixed(0)} ms)`,
      goal: "≤ 1.3",
      isMet: page / bare <= 1.3,
    },
    {
      what: "upstream calls of 100 clients asking for one page at once",
      measured: `${forHundred} (one client: ${calls})`,
      goal: "the same",
      isMet: forHundred <= calls,
    },
    {
      what: "resident memory, idle within a minute of the start",
      measured: `${megabytes} MB`,
      goal: "≤ 120 MB",
      isMet: idleBytes <= idleGoalBytes,
    },
  ];
}
