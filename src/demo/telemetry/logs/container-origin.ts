/** What Fluentd's kubernetes_metadata says of a container: the same for all its lines, so it is made once. */
import { createHash } from "node:crypto";
import type { MeshPod } from "../../simulation/mesh-model.js";
import { isGateway } from "../proxy-facts.js";

/** The keys of a document that tell where its line came from. */
export type ContainerOrigin = Readonly<Record<"stream" | "docker" | "kubernetes" | "tag", unknown>>;

const origins = new WeakMap<MeshPod, Map<string, ContainerOrigin>>();

/** Ids are made from names, so that the same container always has the same. Dots in label names are `_`. */
export function containerOrigin(pod: MeshPod, container: string): ContainerOrigin {
  let ofPod = origins.get(pod);
  if (ofPod === undefined) {
    ofPod = new Map();
    origins.set(pod, ofPod);
  }
  let origin = ofPod.get(container);
  if (origin === undefined) {
    origin = makeOrigin(pod, container);
    ofPod.set(container, origin);
  }
  return origin;
}

function makeOrigin(pod: MeshPod, container: string): ContainerOrigin {
  const { namespace, app, version } = pod.workload;
  const id = hexOf(`${namespace}/${pod.name}/${container}`);
  return {
    stream: "stdout",
    docker: { container_id: id },
    kubernetes: {
      container_name: container,
      namespace_name: namespace,
      pod_name: pod.name,
      pod_id: podId(`${namespace}/${pod.name}`),
      pod_ip: pod.ip,
      host: pod.node,
      labels: {
        app,
        ...(isGateway(pod) ? {} : { version }),
        "pod-template-hash": pod.name.split("-").at(-2) ?? "",
        "security_istio_io/tlsMode": "istio",
        "service_istio_io/canonical-name": app,
        "service_istio_io/canonical-revision": version,
      },
      master_url: "https://10.96.0.1:443/api",
    },
    tag: `kubernetes.var.log.containers.${pod.name}_${namespace}_${container}-${id}.log`,
  };
}

function podId(name: string): string {
  const hex = hexOf(name);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

function hexOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
