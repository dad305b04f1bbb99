/** Prometheus 2.42 from the Debian archive and 3.15 built from its Go module, both on blocks made from the recorded metrics and the demo's. */
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeProgrammeBackfill } from "../../e2e/play-programme.js";
import { addressFrom, type Backend, type BackendName, type PlanLaunch } from "./backend.js";
import { unpackPackage } from "./debian-packages.js";
import { freePort } from "./free-ports.js";
import { buildGoProgram } from "./go-build.js";
import { fetchJson, fetchText } from "./http-json.js";
import type { InstallCache } from "./install-cache.js";
import { loadMetrics, writeOpenMetrics } from "./load-metrics.js";
import { runCommand } from "./run-command.js";

const release3 = "3.15.0";

const recordedAndDemo: readonly MetricsWriter[] = [writeOpenMetrics, (file) => writeProgrammeBackfill(file)];

/** Prometheus 2.42: what Debian 12 has, and the range semantics of every Prometheus before 3. */
export const prometheus2: Backend = describePrometheus2(recordedAndDemo);

/** The same without any metrics yet. */
export function emptyPrometheus2(): Backend {
  return { ...describePrometheus2([writeNothing]), load: async () => "nothing" };
}

function describePrometheus2(writers: readonly MetricsWriter[]): Backend {
  const program = async (cache: InstallCache) => join(await debianPrometheus(cache), "usr", "bin", "prometheus");
  return describePrometheus("prometheus2", "2.42", "MESHLENS_TEST_PROMETHEUS2_URL", program, writers);
}

const writeNothing = (file: string) => writeFile(file, "# EOF\n");

const prometheus3Variable = "MESHLENS_TEST_PROMETHEUS3_URL";

/** Prometheus 3.15: left-open ranges, and UTF-8 names. */
export const prometheus3: Backend = describePrometheus("prometheus3", release3, prometheus3Variable, buildPrometheus3, [
  writeOpenMetrics,
  (file) => writeProgrammeBackfill(file),
]);

/** The same on metrics of a bench's or test's own: each writer writes an OpenMetrics file. */
export function prometheus3On(...writers: readonly ((file: string) => Promise<void>)[]): Backend {
  return {
    ...describePrometheus("prometheus3", release3, prometheus3Variable, buildPrometheus3, writers),
    load: async () => "metrics of the bench",
  };
}

/** One without any metrics yet. */
export function emptyPrometheus3(): Backend {
  return { ...prometheus3On(writeNothing), load: async () => "nothing" };
}

function buildPrometheus3(cache: InstallCache): Promise<string> {
  return buildProgram3(cache, "prometheus", `prometheus-${release3}`);
}

async function buildProgram3(cache: InstallCache, name: "prometheus" | "promtool", entry: string): Promise<string> {
  const folder = await cache.entry(entry, (building) =>
    buildGoProgram(
      cache,
      {
        module: "github.com/prometheus/prometheus",
        // Release 3.15.0 is module version 0.315.0: the module path has no major version in it.
        moduleVersion: release3.replace(
          /^(\d+)\.(\d+)\./,
          (_, major, minor) => `v0.${major}${minor.padStart(2, "0")}.`,
        ),
        packagePath: `github.com/prometheus/prometheus/cmd/${name}`,
        tags: "netgo,remove_all_sd",
        linkerFlags: `-X github.com/prometheus/common/version.Version=${release3}`,
      },
      building,
      name,
    ),
  );
  return join(folder, name);
}

/** The rule evaluation of each major as a program: `promtool test rules`. */
export const promtools: Readonly<Record<"2.42" | "3.15", (cache: InstallCache) => Promise<string>>> = {
  "2.42": async (cache) => join(await debianPrometheus(cache), "usr", "bin", "promtool"),
  "3.15": (cache) => buildProgram3(cache, "promtool", `promtool-${release3}`),
};

function debianPrometheus(cache: InstallCache): Promise<string> {
  return cache.entry("prometheus-2-debian", (folder) => unpackPackage(cache, "prometheus", folder));
}

function describePrometheus(
  name: BackendName,
  release: string,
  urlVariable: string,
  program: (cache: InstallCache) => Promise<string>,
  writers: readonly MetricsWriter[],
): Backend {
  return {
    name,
    release,
    urlVariable,
    named: (environment) => addressFrom(environment, urlVariable),
    install: async (cache) => {
      // Rules are tested with it; installed here, because a test has not the time for it.
      if (name === "prometheus3") await promtools["3.15"](cache);
      // Blocks have one format in both majors: Debian's promtool writes them for either.
      const promtool = await promtools["2.42"](cache);
      // Native histograms come in by OpenTelemetry's protocol, which Prometheus 2 does not take.
      const receivers = name === "prometheus3" ? ["--web.enable-otlp-receiver"] : [];
      return planLaunch(await program(cache), promtool, writers, receivers);
    },
    isReady: async ({ url }) => (await fetchText(`${url}/-/ready`)).includes("Ready"),
    version: async ({ url }) =>
      (await fetchJson<{ data: { version: string } }>(`${url}/api/v1/status/buildinfo`)).data.version,
    load: ({ url }) => loadMetrics(name, url),
  };
}

/** Old samples are welcome: recordings lie in the past. */
const startedWith = `global: { scrape_interval: 15s }
storage: { tsdb: { out_of_order_time_window: 100y } }
`;

/** One file for each: promtool goes through a file once for every two hours between its first and last sample. */
type MetricsWriter = (file: string) => Promise<void>;

/** Blocks are made once for all servers of a run. */
const madeBlocks = new WeakMap<readonly MetricsWriter[], Promise<string>>();

async function makeBlocks(promtool: string, folder: string, writers: readonly MetricsWriter[]): Promise<string> {
  const blocks = join(folder, "blocks");
  const metrics = join(folder, "metrics.om");
  for (const write of writers) {
    await write(metrics);
    await runCommand(promtool, ["tsdb", "create-blocks-from", "openmetrics", metrics, blocks], {
      remedy: "The metrics are not valid OpenMetrics: `npm run fixture` writes the recorded ones anew.",
    });
    await rm(metrics);
  }
  return blocks;
}

function planLaunch(
  command: string,
  promtool: string,
  writers: readonly MetricsWriter[],
  receivers: readonly string[],
): PlanLaunch {
  return async (folder) => {
    const data = join(folder, "data");
    const configuration = join(folder, "prometheus.yml");
    await mkdir(folder, { recursive: true });
    await writeFile(configuration, startedWith);
    const blocks = madeBlocks.get(writers) ?? makeBlocks(promtool, folder, writers);
    madeBlocks.set(writers, blocks);
    await cp(await blocks, data, { recursive: true });
    const port = await freePort();
    // The receiver and the window of its configuration let contract suites send samples of any time.
    const flags = {
      "config.file": configuration,
      "storage.tsdb.path": data,
      "storage.tsdb.retention.time": "100y",
      "web.listen-address": `127.0.0.1:${port}`,
    };
    return {
      command,
      args: [
        "--web.enable-remote-write-receiver",
        ...receivers,
        ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
      ],
      environment: {},
      address: { url: `http://127.0.0.1:${port}`, zipkinIngestUrl: null },
    };
  };
}
