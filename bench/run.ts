/** `npm run bench [-- name...]`: runs the benches one after the other and writes what they measured into docs/benchmarks.md. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { Backend } from "../test/real/backends/backend.js";
import { cacheFolder, createInstallCache } from "../test/real/backends/install-cache.js";
import type { ServerProcess } from "../test/real/backends/server-process.js";
import { bringUp } from "../test/real/start-backends.js";
import { benchAccess } from "./access.js";
import { benchBacktest } from "./backtest.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { type BenchSection, benchmarksPage, rowsOf } from "./benchmarks-page.js";
import { benchCopies } from "./copies.js";
import { benchDemoDay } from "./demo-day.js";
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
  copies: benchCopies,
  "wide-mesh": benchWideMesh,
  grafana: benchGrafana,
  "trace-decode": benchTraceDecode,
  demo: benchDemo,
  "demo-day": benchDemoDay,
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
const ran: BenchSection[] = [];
const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const folder = await mkdtemp(join(tmpdir(), "meshlens-bench-"));
  // PostgreSQL refuses to run as root: as another user it must get through to its own folder.
  await chmod(folder, 0o711);
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
    const results = await bench({ folder, say, start, pidOf: (url) => pids.get(url) ?? -1 });
    ran.push({ name, day: new Date().toISOString().slice(0, 10), results });
    console.log(rowsOf(results));
    const page = await readFile("docs/benchmarks.md", "utf8").catch(() => "");
    await writeFile("docs/benchmarks.md", benchmarksPage(page, ran, Object.keys(benches), machine));
  } finally {
    await Promise.allSettled(started.map((server) => server.stop(3_000)));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

process.exit(ran.every(({ results }) => results.every(({ isMet }) => isMet)) ? 0 : 1);
