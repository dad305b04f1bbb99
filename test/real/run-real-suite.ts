/** `npm run test:real`: brings up real backends, runs jest's project `real` against them, and stops whatever it started. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { judgeJestReport } from "../support/jest-verdict.js";
import { repositoryRoot } from "../support/repository-root.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import { installKubernetes, isKubernetesInstalled, kubernetesRelease } from "./backends/kubernetes.js";
import type { ServerProcess } from "./backends/server-process.js";
import { startBackends } from "./start-backends.js";
import { stateVariable, type TestState } from "./state-file.js";

/** Servers hold copies only, and Jaeger would take 13 s to leave in peace. */
const stopGraceMs = 3_000;

/** These servers live for minutes, and a JVM left alone spends half of its time on what pays in hours. */
const shortLivedJava = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

/** What the runner is asked for. */
export interface SuiteOptions {
  /** Handed to jest as they are, for example part of a test file's path. */
  readonly jestArguments: readonly string[];
  /** Keep the servers up for trying things out, until Ctrl-C, instead of running jest. */
  readonly isHeld: boolean;
  /** Build the Kubernetes API server where the cache does not have it. Without it its tests are left out then, and that is said. */
  readonly buildsKubernetes: boolean;
}

const kubernetesTests = "real/kubernetes/";
/** Tests that share nothing with the others: servers of their own, or in a shared one a time or a database of their own. */
const apart = [
  "real/alertmanager",
  "real/copies",
  "real/closed-form",
  "real/dashboards",
  kubernetesTests,
  "real/inbox-page",
  "real/deploy/",
  "real/slo-lint",
  "real/slo-rules",
  "real/prometheus-restart",
  "real/demo-backfill",
  "real/full-disk",
  "real/orphans",
  "real/store",
];
/** One after another, for what they share; as many at once as keep two cores busy, since most of their time is waiting for their servers. */
const workersOf = { shared: ["--runInBand"], apart: ["--maxWorkers=3"] };

/** Runs the suite; the exit code: jest's own, 1 when anything was left out or went wrong before, 128 + n after signal n. */
export async function runRealSuite({ jestArguments, isHeld, buildsKubernetes }: SuiteOptions): Promise<number> {
  const stopping = new AbortController();
  const started: ServerProcess[] = [];
  const folder = await mkdtemp(join(tmpdir(), "meshlens-real-"));
  let stoppedBy: NodeJS.Signals | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    stoppedBy ??= signal;
    stopping.abort(new Error(`stopped by ${signal}`));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  try {
    const cacheRoot = cacheFolder(process.env);
    const cache = createInstallCache(cacheRoot, stopping.signal, say);
    if (buildsKubernetes) await installKubernetes(cache);
    const isLeftOut = !isKubernetesInstalled(cacheRoot);
    if (!isHeld) process.env["JAVA_TOOL_OPTIONS"] ??= shortLivedJava;
    const state = await startBackends({
      cache,
      environment: process.env,
      folder,
      say,
      onStarted: (server) => started.push(server),
    });
    const stateFile = join(folder, "state.json");
    await writeFile(stateFile, JSON.stringify(state, null, 2));
    if (isHeld) await hold(state, stateFile, stopping.signal);
    if (isHeld) return 0;
    const left = isLeftOut ? [kubernetesTests] : [];
    const runs =
      jestArguments.length > 0
        ? [["chosen", [...workersOf.shared, ...ignoring(left), ...jestArguments]] as const]
        : [
            ["shared", [...workersOf.shared, ...ignoring(apart)]] as const,
            ["apart", [...workersOf.apart, ...ignoring(left), `--testPathPatterns=${apart.join("|")}`]] as const,
          ];
    const run = (name: string, args: readonly string[]) =>
      runJest({ stateFile, report: join(folder, `${name}.json`) }, args, stopping.signal);
    const code = Math.max(...(await Promise.all(runs.map(([name, args]) => run(name, args)))));
    if (isLeftOut) {
      const remedy = "npm run test:release builds it (several minutes), as before every release";
      say(`NOT RUN: ${kubernetesTests}, for kube-apiserver ${kubernetesRelease} is not in ${cacheRoot}; ${remedy}`);
    }
    return code;
  } catch (error) {
    if (stoppedBy === null) console.error(`test:real: ${error instanceof Error ? error.message : error}`);
    return stoppedBy === null ? 1 : 128 + constants.signals[stoppedBy];
  } finally {
    await Promise.allSettled(started.map((server) => server.stop(stopGraceMs)));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function say(line: string): void {
  console.log(`test:real: ${line}`);
}

async function hold(state: TestState, stateFile: string, signal: AbortSignal): Promise<void> {
  for (const [name, { url }] of Object.entries(state)) say(`${name.padEnd(15)} ${url}`);
  say(`${stateVariable}=${stateFile}; Ctrl-C stops the servers`);
  // A timer keeps the process alive: the servers are not waited for.
  const alive = setInterval(() => {}, 60_000);
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  clearInterval(alive);
}

function ignoring(patterns: readonly string[]): readonly string[] {
  return patterns.map((pattern) => `--testPathIgnorePatterns=${pattern}`);
}

async function runJest(
  { stateFile, report }: { readonly stateFile: string; readonly report: string },
  jestArguments: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const jest = ["--selectProjects", "real", "--json", `--outputFile=${report}`, ...jestArguments];
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, ["--max-semi-space-size=32", "node_modules/jest/bin/jest.js", ...jest], {
      cwd: repositoryRoot,
      env: { ...process.env, [stateVariable]: stateFile },
      // With --json jest writes its report to stdout too unless it has a file; progress goes to stderr.
      stdio: ["ignore", "ignore", "inherit"],
    });
    signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
    child.once("error", reject);
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  signal.throwIfAborted();
  const text = await readFile(report, "utf8").catch(() => null);
  if (text === null) throw new Error(`jest ended with code ${code} and left no report.`);
  const verdict = judgeJestReport(JSON.parse(text));
  for (const reason of verdict.reasons) console.error(`test:real: ${reason}`);
  console.log(verdict.summary);
  return verdict.isGreen ? code : code || 1;
}
