/** A cluster of 5,000 pods, 1,000 services and 2,000 mesh objects on a real API server: first sync, memory, health from memory. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, createInstallCache } from "../test/real/backends/install-cache.js";
import { installKubernetes, startKubernetes } from "../test/real/backends/kubernetes.js";
import { installMeshKinds } from "../test/real/kubernetes/install-mesh-kinds.js";
import type { BenchContext, BenchResult } from "./bench-result.js";
import { clusterSize, fillCluster } from "./kubernetes-cluster.js";
import type { FollowFigures } from "./kubernetes-follow.js";

/** Builds the API server where the cache does not have it. */
export async function benchKubernetes({ folder, say }: BenchContext): Promise<readonly BenchResult[]> {
  const cache = createInstallCache(cacheFolder(process.env), new AbortController().signal, say);
  const cluster = await startKubernetes(await installKubernetes(cache), folder);
  try {
    await installMeshKinds(cluster.admin);
    await fillCluster(cluster.admin, say);
    const config = join(folder, "meshlens.yaml");
    const source = { name: "kube", kind: "kubernetes", kubeconfig: cluster.kubeconfig("admin"), timeoutMs: 60_000 };
    await writeFile(config, `sources:\n  - ${JSON.stringify(source)}\n`);
    const figures = await follow(config);
    say(JSON.stringify(figures));
    return resultsOf(figures);
  } finally {
    await cluster.stop();
  }
}

async function follow(config: string): Promise<FollowFigures> {
  const script = join(import.meta.dirname, "kubernetes-follow.js");
  const { stdout } = await promisify(execFile)(process.execPath, [script, config]);
  return JSON.parse(stdout) as FollowFigures;
}

function resultsOf(figures: FollowFigures): readonly BenchResult[] {
  const { services, pods, meshObjects } = clusterSize;
  const size = `${pods} pods, ${services} services, ${meshObjects} mesh objects`;
  const { firstSyncMs, firstSyncCpuMs, highestExtraMb, healthMs, changesMs } = figures;
  return [
    {
      what: `Kubernetes of ${size}: first sync against a real API server`,
      measured: `${(firstSyncMs / 1_000).toFixed(1)} s (${(firstSyncCpuMs / 1_000).toFixed(1)} s of CPU)`,
      goal: "≤ 5 s",
      isMet: firstSyncMs <= 5_000,
    },
    {
      what: "the same: resident memory it adds, highest, the first sync included",
      measured: `${Math.round(highestExtraMb)} MB`,
      goal: "≤ 150 MB",
      isMet: highestExtraMb <= 150,
    },
    {
      what: "the same: health of a service from memory, p99 (median)",
      measured: shown(healthMs),
      goal: "≤ 5 ms",
      isMet: healthMs[1] <= 5,
    },
    {
      what: "the same: changes of a service in an hour, p99 (median)",
      measured: shown(changesMs),
      goal: "≤ 20 ms",
      isMet: changesMs[1] <= 20,
    },
  ];
}

function shown([median, p99]: readonly [number, number]): string {
  return `${p99.toFixed(2)} ms (${median.toFixed(2)})`;
}
