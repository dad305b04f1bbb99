/** `npm run bench [-- name...]`: runs the benches one after the other and, when all ran, writes docs/benchmarks.md. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { Backend } from "../test/real/backends/backend.js";
import { cacheFolder, createInstallCache } from "../test/real/backends/install-cache.js";
import type { ServerProcess } from "../test/real/backends/server-process.js";
import { bringUp } from "../test/real/start-backends.js";
import { benchAccess } from "./access.js";
import { benchBacktest } from "./backtest.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { benchDemo } from "./demo-life.js";
import { benchDiagnosis } from "./diagnosis.js";
import { benchGrafana } from "./grafana-viewers.js";
import { benchKubernetes } from "./kubernetes-sync.js";
import { benchServicePage } from "./service-page.js";
import { benchSlack } from "./slack.js";
import { benchSloCycle } from "./slo-cycle.js";
import { benchSloFiles } from "./slo-files.js";
import { benchSloStore } from "./slo-store.js";
import { benchTraceDecode } from "./trace-decode.js";
import { benchWideMesh } from "./wide-mesh-queries.js";

const benches: Readonly<Record<string, (context: BenchContext) => Promise<readonly BenchResult[]>>> = {
  "service-page": benchServicePage,
  access: benchAccess,
  "wide-mesh": benchWideMesh,
  grafana: benchGrafana,
  "trace-decode": benchTraceDecode,
  demo: benchDemo,
  "slo-cycle": benchSloCycle,
  "slo-store": benchSloStore,
  "slo-files": benchSloFiles,
  backtest: benchBacktest,
  kubernetes: benchKubernetes,
  slack: benchSlack,
  diagnosis: benchDiagnosis,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`bench: no bench is called ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`);
  process.exit(2);
}

const say = (line: string) => console.log(`bench: ${line}`);
const stopping = new AbortController();
process.once("SIGINT", () => stopping.abort(new Error("stopped by SIGINT")));
const results: BenchResult[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const folder = await mkdtemp(join(tmpdir(), "meshlens-bench-"));
  const started: ServerProcess[] = [];
  const pids = new Map<string, number>();
  const cache = createInstallCache(cacheFolder(process.env), stopping.signal, say);
  const start = (backends: readonly Backend[]) =>
    Promise.all(
      backends.map(async (backend, i) => {
        const options = {
          cache,
          environment: {},
          folder: join(folder, `${started.length}-${i}`),
          say: () => undefined,
          onStarted: (server: ServerProcess) => started.push(server),
        };
        const [, server] = await bringUp(backend, await backend.install(cache), options);
        pids.set(server.url, server.pid ?? -1);
        return server.url;
      }),
    );
  try {
    say(name);
    results.push(...(await bench({ folder, say, start, pidOf: (url) => pids.get(url) ?? -1 })));
  } finally {
    await Promise.allSettled(started.map((server) => server.stop(3_000)));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const rows = results.map(
  ({ what, measured, goal, isMet }) => `| ${what} | ${measured} | ${goal} | ${isMet ? "yes" : "**no**"} |`,
);
console.log(rows.join("\n"));
if (chosen.length === 0) {
  const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const text = `# Benchmarks

Written by \`npm run bench\`: figures of one run, servers and load on the same machine (${machine}). Compare ratios, not milliseconds:
both sides of a ratio are measured in turns in the same run.

| what | measured | goal | met |
|---|---|---|---|
${rows.join("\n")}
`;
  await writeFile("docs/benchmarks.md", text);
}
process.exit(results.every(({ isMet }) => isMet) ? 0 : 1);
