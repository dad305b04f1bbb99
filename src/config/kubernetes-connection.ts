/** Where the API server of a Kubernetes source is: a kubeconfig, or the pod Meshlens runs in. Called by load-config.ts. */
import { existsSync, readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { connectionDefaults } from "../telemetry/source-connection.js";
import type { Environment } from "./interpolate.js";
import { KubeconfigProblem, type KubernetesAccess, readKubeconfig } from "./kubeconfig.js";
import type { ConfiguredConnection, ReportFile, SettingsOf } from "./source-connection.js";

const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Lists at once; watches have connections of their own. */
const maxConcurrent = 6;

/** Reads what a source of kind kubernetes names. Outside a cluster and without a kubeconfig the connection says why it is of no use. */
export function readKubernetesConnection(
  { name, kubeconfig, context, timeoutMs }: SettingsOf<"kubernetes">,
  directory: string,
  environment: Environment,
  report: ReportFile,
): ConfiguredConnection {
  const terms = { name, headers: {}, timeoutMs, maxResponseBytes: connectionDefaults.maxResponseBytes, maxConcurrent };
  if (kubeconfig === undefined) return { ...terms, ...inCluster(environment) };
  try {
    const { token, ...access } = readKubeconfig(resolve(directory, kubeconfig), context ?? null);
    return { ...terms, ...access, ...(token === undefined ? {} : { bearerToken: token }) };
  } catch (error) {
    if (!(error instanceof KubeconfigProblem)) throw error;
    report(["kubeconfig"], error.message);
    return { ...terms, url: "https://kubernetes.invalid" };
  }
}

function inCluster(environment: Environment): Omit<KubernetesAccess, "token"> & Pick<ConfiguredConnection, "unusable"> {
  const host = environment["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = environment["KUBERNETES_SERVICE_PORT"] || "443";
  const tokenFile = join(serviceAccountFolder, "token");
  if (host === "" || !existsSync(tokenFile)) {
    const unusable =
      host === ""
        ? "Meshlens does not run in a cluster (KUBERNETES_SERVICE_HOST is not set): give this source a kubeconfig"
        : `the pod has no token of a service account (${tokenFile}): give it one, or this source a kubeconfig`;
    return { url: "https://kubernetes.invalid", tls: {}, unusable };
  }
  const ca = join(serviceAccountFolder, "ca.crt");
  return {
    url: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    tokenFile,
    tls: existsSync(ca) ? { ca: readFileSync(ca, "utf8") } : {},
  };
}
