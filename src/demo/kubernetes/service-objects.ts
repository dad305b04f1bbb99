/** Services, their EndpointSlices and Events as Kubernetes writes them. Called by the controllers. */
import type { MeshService } from "../simulation/mesh-model.js";
import { kubernetesTime, type ObjectBody } from "./object-store.js";
import type { PodState } from "./pod-state.js";

/** A Service that selects its pods by `app`. */
export function serviceObject(service: Pick<MeshService, "name" | "namespace" | "port">): ObjectBody {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: service.name, namespace: service.namespace, labels: { app: service.name } },
    spec: {
      type: "ClusterIP",
      selector: { app: service.name },
      ports: [{ name: "http", port: service.port, targetPort: service.port, protocol: "TCP" }],
    },
  };
}

/** The one EndpointSlice of a service. */
export function endpointSliceObject(
  service: MeshService,
  pods: readonly PodState[],
  uidOf: (pod: PodState) => string,
  serviceUid: string,
): ObjectBody {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${service.name}-s1ice`,
      namespace: service.namespace,
      labels: { "kubernetes.io/service-name": service.name },
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name: service.name, uid: serviceUid, controller: true }],
    },
    addressType: "IPv4",
    endpoints: pods.map((state) => ({
      addresses: [state.pod.ip],
      conditions: {
        ready: state.readyMs !== null && state.deletedMs === null,
        serving: state.readyMs !== null,
        terminating: state.deletedMs !== null,
      },
      nodeName: state.pod.node,
      targetRef: { kind: "Pod", namespace: service.namespace, name: state.pod.name, uid: uidOf(state) },
    })),
    ports: [{ name: "http", port: service.port, protocol: "TCP" }],
  };
}

/** Something Kubernetes says about an object. */
export interface ClusterEvent {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly component: string;
}

/** An Event; the same thing said again counts up. */
export function eventObject(
  event: ClusterEvent,
  name: string,
  times: { readonly firstMs: number; readonly lastMs: number; readonly count: number },
): ObjectBody {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: event.namespace },
    involvedObject: { kind: event.kind, namespace: event.namespace, name: event.name, uid: event.uid },
    type: event.type,
    reason: event.reason,
    message: event.message,
    count: times.count,
    firstTimestamp: kubernetesTime(times.firstMs),
    lastTimestamp: kubernetesTime(times.lastMs),
    source: { component: event.component },
    reportingComponent: event.component,
  };
}
