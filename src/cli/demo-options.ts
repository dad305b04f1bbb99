/** The options of `meshlens demo`, checked: each wrong one is told with what is accepted. */
import { durationMs } from "../config/duration.js";
import { embeddedConfig, type LoadedConfig, loadConfig } from "../config/load-config.js";
import { storeSchema } from "../config/store-schema.js";
import type { ProxyKind } from "../demo/create-demo.js";
import { type FeedKind, feedKinds } from "../demo/feed/feed-forms.js";
import { generatedMesh } from "../demo/meshes/graph/generated-mesh.js";
import { bookinfoWithShop } from "../demo/meshes/join-meshes.js";
import { scenarioFor } from "../demo/scenarios/known-scenarios.js";
import type { MeshDefinition } from "../demo/simulation/mesh-definition.js";
import { isMeshlensError } from "../errors.js";
import { UsageError } from "./command-line.js";

/** As commander gives them. */
export interface GivenOptions {
  readonly scenario: string;
  readonly mesh: string;
  readonly services?: string;
  readonly seed: string;
  readonly port?: string;
  readonly history: string;
  readonly feed?: readonly string[];
  readonly backfillOut?: string;
  readonly config?: string;
}

/** As the command works with them. */
export interface DemoOptions {
  readonly loaded: LoadedConfig;
  readonly mesh: MeshDefinition;
  readonly proxies: ProxyKind;
  /** For people. */
  readonly meshName: string;
  readonly scenario: string;
  readonly seed: number;
  readonly historyMs: number;
  readonly feeds: readonly { readonly kind: FeedKind; readonly url: string }[];
  /** Where the history of metrics is written; null for nowhere. */
  readonly backfillOut: string | null;
}

/** @throws UsageError naming the option and what it accepts · MESHLENS_ERR_CONFIG_INVALID */
export function demoSettings(given: GivenOptions): DemoOptions {
  const seed = wholeNumber("--seed", given.seed, 0, 2 ** 32 - 1);
  const services = given.services === undefined ? null : wholeNumber("--services", given.services, 20, 1_000);
  const proxies = knownProxies.find((one) => one === given.mesh);
  if (proxies === undefined)
    throw new UsageError(`there is no mesh ${given.mesh}; choose one of ${knownProxies.join(", ")}`);
  const mesh = services === null ? bookinfoWithShop : generatedMesh({ services, seed });
  const historyMs = durationMs(given.history);
  if (historyMs === null || historyMs > 24 * 3_600_000)
    throw new UsageError(`--history ${given.history} is not a duration of at most 24h, such as 30m or 6h`);
  return {
    loaded: loadedConfig(given),
    mesh,
    proxies,
    meshName: `${services === null ? "Bookinfo" : `${services} services`} on ${proxies === "istio" ? "Istio" : "Linkerd"}`,
    scenario: playable(mesh, given.scenario),
    seed,
    historyMs,
    feeds: (given.feed ?? []).map(feedOf),
    backfillOut: given.backfillOut ?? null,
  };
}

const knownProxies: readonly ProxyKind[] = ["istio", "linkerd"];

function feedOf(text: string): { readonly kind: FeedKind; readonly url: string } {
  const kind = feedKinds.find((one) => text.startsWith(`${one}=`));
  const url = text.slice(text.indexOf("=") + 1);
  if (kind !== undefined && /^https?:\/\/[^\s@]+$/.test(url) && URL.canParse(url)) return { kind, url };
  throw new UsageError(
    `--feed takes KIND=URL with one of ${feedKinds.join(", ")} and an http:// or https:// URL without user and password, such as zipkin=http://127.0.0.1:9411; a Prometheus scrapes /demo/metrics instead`,
  );
}

function playable(mesh: MeshDefinition, name: string): string {
  try {
    return scenarioFor(mesh, name).name;
  } catch (error) {
    throw isMeshlensError(error) ? new UsageError(error.message) : error;
  }
}

/** Without a file the embedded one: a meshlens.yaml that lies about is not meant for the demo. */
function loadedConfig({ config: file, port }: GivenOptions): LoadedConfig {
  const loaded = file === undefined ? embeddedConfig(process.env) : loadConfig(file, process.env);
  const { server } = loaded.config;
  const own = {
    ...server,
    port: port === undefined ? server.port : wholeNumber("--port", port, 0, 65_535),
    // Told on the screen instead; answers under way are nobody's loss.
    logLevel: file === undefined ? ("warn" as const) : server.logLevel,
    shutdownGraceMs: 200,
  };
  const watched = file === undefined ? { slo: demoObjectives, store: demoStore } : {};
  return { ...loaded, config: { ...loaded.config, ...watched, sources: [], server: own } };
}

/** Incidents with their evidence are kept for as long as the telemetry that they are about, so that a demo of days stays as large as it is. */
const demoStore = {
  ...storeSchema.parse({ keepEvidence: "1d", keepChanges: "1d", keepIncidents: "1d" }),
  url: ":memory:",
};

/** What every service of the demo promises; its incidents are forgotten with the process. */
const demoObjectives = {
  files: [],
  defaults: {
    availability: { target: 0.999, window: "30d" },
    latency: { target: 0.99, thresholdMs: 500, window: "30d" },
  },
};

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option} ${text} is not a whole number from ${least} to ${most}`);
}
