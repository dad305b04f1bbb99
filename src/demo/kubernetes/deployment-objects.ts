/** Deployments, ReplicaSets and Pods as Kubernetes writes them. Called by the controllers when something about them has changed. */
import type { DeploymentDefinition } from "../simulation/mesh-definition.js";
import type { MeshWorkload } from "../simulation/mesh-model.js";
import { kubernetesTime, type ObjectBody } from "./object-store.js";
import type { PodState } from "./pod-state.js";

const proxyImage = "docker.io/istio/proxyv2:1.27.3";
const progressDeadlineSeconds = 600;

/** How far a Deployment's pods are. */
export interface DeploymentProgress {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** When a rollout last got further. */
  readonly progressedMs: number;
  readonly isDone: boolean;
}

const labelsOf = (workload: MeshWorkload): Record<string, string> => ({ app: workload.app, version: workload.version });

const applicationContainer = (workload: MeshWorkload): unknown => ({
  name: workload.service === null ? "istio-proxy" : workload.app,
  image: workload.image,
  imagePullPolicy: "IfNotPresent",
  ports: [{ containerPort: workload.service?.port ?? 8080, protocol: "TCP" }],
});

function template(workload: MeshWorkload, extraLabels: Readonly<Record<string, string>>): unknown {
  return {
    metadata: { labels: { ...labelsOf(workload), ...extraLabels } },
    spec: { serviceAccountName: workload.serviceAccount, containers: [applicationContainer(workload)] },
  };
}

/** A Deployment as it is wished, with how far its pods are as its status. */
export function deploymentObject(
  definition: DeploymentDefinition,
  revision: number,
  generation: number,
  progress: DeploymentProgress,
  atMs: number,
): ObjectBody {
  const { workload, replicas, minReadySeconds = 0 } = definition;
  const isLate = !progress.isDone && atMs - progress.progressedMs >= progressDeadlineSeconds * 1000;
  const progressing = progress.isDone
    ? { status: "True", reason: "NewReplicaSetAvailable" }
    : isLate
      ? { status: "False", reason: "ProgressDeadlineExceeded" }
      : { status: "True", reason: "ReplicaSetUpdated" };
  const isAvailable = progress.available >= replicas;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      labels: labelsOf(workload),
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
    },
    spec: {
      replicas,
      minReadySeconds,
      progressDeadlineSeconds,
      revisionHistoryLimit: 10,
      selector: { matchLabels: labelsOf(workload) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      template: template(workload, {}),
    },
    status: {
      observedGeneration: generation,
      replicas: progress.replicas,
      updatedReplicas: progress.updated,
      readyReplicas: progress.ready,
      availableReplicas: progress.available,
      unavailableReplicas: Math.max(0, progress.replicas - progress.available),
      conditions: [
        {
          type: "Available",
          status: isAvailable ? "True" : "False",
          reason: isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
          message: isAvailable
            ? "Deployment has minimum availability."
            : "Deployment does not have minimum availability.",
        },
        {
          type: "Progressing",
          ...progressing,
          lastUpdateTime: kubernetesTime(progress.progressedMs),
        },
      ],
    },
  };
}

/** A ReplicaSet: one template of a Deployment. */
export function replicaSetObject(
  workload: MeshWorkload,
  hash: string,
  revision: number,
  counts: { readonly wished: number; readonly present: number; readonly ready: number; readonly available: number },
  deploymentUid: string,
): ObjectBody {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${workload.name}-${hash}`,
      namespace: workload.namespace,
      labels: { ...labelsOf(workload), "pod-template-hash": hash },
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
      ownerReferences: [owner("Deployment", workload.name, deploymentUid)],
    },
    spec: {
      replicas: counts.wished,
      selector: { matchLabels: { ...labelsOf(workload), "pod-template-hash": hash } },
      template: template(workload, { "pod-template-hash": hash }),
    },
    status: {
      replicas: counts.present,
      fullyLabeledReplicas: counts.present,
      readyReplicas: counts.ready,
      availableReplicas: counts.available,
    },
  };
}

/** A Pod with its sidecar. */
export function podObject(state: PodState, replicaSetUid: string): ObjectBody {
  const { workload } = state.pod;
  const isGateway = workload.service === null;
  const isReady = state.readyMs !== null;
  const condition = (type: string, isTrue: boolean, sinceMs: number): unknown => ({
    type,
    status: isTrue ? "True" : "False",
    lastTransitionTime: kubernetesTime(sinceMs),
    ...(!isTrue && { reason: "ContainersNotReady", message: `containers with unready status: [${workload.app}]` }),
  });
  const changedMs = state.readyMs ?? state.lastTermination?.finishedMs ?? state.createdMs;
  const proxySinceMs = state.startedMs === null ? null : state.createdMs + 1000;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: state.pod.name,
      namespace: workload.namespace,
      labels: {
        ...labelsOf(workload),
        "pod-template-hash": state.hash,
        "security.istio.io/tlsMode": "istio",
        "service.istio.io/canonical-name": workload.app,
        "service.istio.io/canonical-revision": workload.version,
      },
      ...(!isGateway && { annotations: { "sidecar.istio.io/status": '{"containers":["istio-proxy"]}' } }),
      ownerReferences: [owner("ReplicaSet", `${workload.name}-${state.hash}`, replicaSetUid)],
      ...(state.deletedMs !== null && {
        deletionTimestamp: kubernetesTime(state.deletedMs + 30_000),
        deletionGracePeriodSeconds: 30,
      }),
    },
    spec: {
      nodeName: state.pod.node,
      serviceAccountName: workload.serviceAccount,
      containers: [
        applicationContainer(workload),
        ...(isGateway ? [] : [{ name: "istio-proxy", image: proxyImage, ports: [{ containerPort: 15090 }] }]),
      ],
    },
    status: {
      phase: state.startedMs === null && state.restarts === 0 && state.lastTermination === null ? "Pending" : "Running",
      podIP: state.pod.ip,
      hostIP: `192.168.10.${10 + Number(state.pod.node.slice(-1))}`,
      startTime: kubernetesTime(state.createdMs),
      conditions: [
        condition("PodScheduled", true, state.createdMs),
        condition("ContainersReady", isReady, changedMs),
        condition("Ready", isReady, changedMs),
      ],
      containerStatuses: [
        applicationStatus(state),
        ...(isGateway
          ? []
          : [
              {
                name: "istio-proxy",
                image: proxyImage,
                ready: proxySinceMs !== null,
                started: proxySinceMs !== null,
                restartCount: 0,
                state:
                  proxySinceMs === null
                    ? { waiting: { reason: "PodInitializing" } }
                    : { running: { startedAt: kubernetesTime(proxySinceMs) } },
              },
            ]),
      ],
    },
  };
}

function applicationStatus(state: PodState): unknown {
  const { workload } = state.pod;
  const last = state.lastTermination;
  const terminated = last !== null && {
    terminated: {
      exitCode: 137,
      reason: "OOMKilled",
      startedAt: kubernetesTime(last.startedMs),
      finishedAt: kubernetesTime(last.finishedMs),
    },
  };
  const waiting =
    last === null
      ? { reason: "ContainerCreating" }
      : {
          reason: "CrashLoopBackOff",
          message: `back-off restarting failed container=${workload.app} pod=${state.pod.name}_${workload.namespace}`,
        };
  return {
    name: workload.service === null ? "istio-proxy" : workload.app,
    image: workload.image,
    ready: state.readyMs !== null,
    started: state.startedMs !== null,
    restartCount: state.restarts,
    state: state.startedMs === null ? { waiting } : { running: { startedAt: kubernetesTime(state.startedMs) } },
    ...(terminated !== false && { lastState: terminated }),
  };
}

function owner(kind: string, name: string, uid: string): unknown {
  return { apiVersion: "apps/v1", kind, name, uid, controller: true, blockOwnerDeletion: true };
}
