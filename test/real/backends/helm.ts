/** Helm and kustomize, built from their Go modules: what renders the chart and its plain form. */
import { join } from "node:path";
import { buildGoProgram } from "./go-build.js";
import type { InstallCache } from "./install-cache.js";

const helmRelease = "3.22.0";
const kustomizeRelease = "5.7.1";

/** Helm's program; the first build takes two minutes. */
export async function installHelm(cache: InstallCache): Promise<string> {
  const folder = await cache.entry(`helm-${helmRelease}`, (building) =>
    buildGoProgram(
      cache,
      {
        module: "helm.sh/helm/v3",
        moduleVersion: `v${helmRelease}`,
        packagePath: "helm.sh/helm/v3/cmd/helm",
        tags: "",
        // As its makefile does: without the last two it takes every cluster it cannot ask for one of 2020.
        linkerFlags: [
          `-X helm.sh/helm/v3/internal/version.version=v${helmRelease}`,
          "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
          "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=34",
        ].join(" "),
      },
      building,
      "helm",
    ),
  );
  return join(folder, "helm");
}

/** kustomize's program. */
export async function installKustomize(cache: InstallCache): Promise<string> {
  const folder = await cache.entry(`kustomize-${kustomizeRelease}`, (building) =>
    buildGoProgram(
      cache,
      {
        module: "sigs.k8s.io/kustomize/kustomize/v5",
        moduleVersion: `v${kustomizeRelease}`,
        packagePath: "sigs.k8s.io/kustomize/kustomize/v5",
        tags: "",
        linkerFlags: `-X sigs.k8s.io/kustomize/api/provenance.version=v${kustomizeRelease}`,
      },
      building,
      "kustomize",
    ),
  );
  return join(folder, "kustomize");
}
