/** Which container of a pod is the mesh's proxy. Called by pod-health.ts and service-health.ts. */
import { type KubeObject, labelsOf } from "../kube-object.js";
import { listAt, textAt } from "../read-json.js";

/** Names of the proxy's container in Istio and Linkerd. */
const proxyNames: ReadonlySet<string> = new Set(["istio-proxy", "linkerd-proxy"]);

/** Whether a container is a proxy. */
export function isProxyContainer(name: string): boolean {
  return proxyNames.has(name);
}

/** The proxy's container, an ordinary one or a native sidecar among the init containers; null when the pod has none. */
export function sidecarOf(pod: KubeObject): string | null {
  const containers = [...listAt(pod.fields, "spec", "containers"), ...listAt(pod.fields, "spec", "initContainers")];
  return (
    containers.map((container) => textAt(container, "name")).find((name) => name !== null && proxyNames.has(name)) ??
    null
  );
}

/** Whether the pod was asked to have a proxy of its own; null when it says nothing. */
export function wantsSidecar(pod: KubeObject): boolean | null {
  if (textAt(pod.fields, "metadata", "annotations", "ambient.istio.io/redirection") === "enabled") return false;
  const inject = labelsOf(pod)["sidecar.istio.io/inject"];
  if (inject !== undefined) return inject === "true";
  const linkerd = textAt(pod.fields, "metadata", "annotations", "linkerd.io/inject");
  return linkerd === null ? null : linkerd !== "disabled";
}
