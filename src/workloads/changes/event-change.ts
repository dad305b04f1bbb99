/** Kubernetes Events worth telling, of either API. Called by cluster-state.ts. */

import { podWorkload } from "../../telemetry/pod-name.js";
import type { ClusterObjects } from "../cluster-objects.js";
import { type KubeObject, labelsOf } from "../kube-object.js";
import { controllerOf, ownerOf, workloadKinds } from "../ownership.js";
import { fieldsAt, instantAt, numberAt, textAt } from "../read-json.js";
import { counted, oneLine } from "../say.js";
import { type Aim, aimsOf } from "./aim.js";
import type { KeptChange } from "./change-keeper.js";

/** Normal events that say something; of the others a rollout or a scaling tells the same better. */
const toldNormals: ReadonlySet<string> = new Set(["Preempted", "TaintManagerEviction"]);

/** Where an event says only what every start goes through. */
const untold: ReadonlySet<string> = new Set([
  "FailedToUpdateEndpoint",
  "FailedToUpdateEndpointSlices",
  "DNSConfigForming",
]);

/**
 * The change an Event tells, under the workload it befell: the pods of one workload with the same trouble are one change. Null for
 * events of no interest, or about something unknown.
 */
export function eventChange(event: KubeObject, objects: ClusterObjects, noticedAtMs: number): KeptChange | null {
  const { fields } = event;
  const reason = textAt(fields, "reason") ?? "";
  const isWarning = textAt(fields, "type") === "Warning";
  if (reason === "" || untold.has(reason) || !(isWarning || toldNormals.has(reason))) return null;
  const regarding = event.group === "" ? fieldsAt(fields, "involvedObject") : fieldsAt(fields, "regarding");
  const kind = textAt(regarding, "kind");
  const name = textAt(regarding, "name");
  const namespace = textAt(regarding, "namespace");
  if (kind === null || name === null || namespace === null) return null;
  const subject = subjectOf({ kind, namespace, name }, objects);
  if (subject === null) return null;

  const lastMs =
    instantAt(fields, "series", "lastObservedTime") ??
    instantAt(fields, "lastTimestamp") ??
    instantAt(fields, "deprecatedLastTimestamp") ??
    instantAt(fields, "eventTime") ??
    noticedAtMs;
  const firstMs =
    instantAt(fields, "firstTimestamp") ??
    instantAt(fields, "deprecatedFirstTimestamp") ??
    instantAt(fields, "eventTime");
  const count =
    numberAt(fields, "series", "count") ?? numberAt(fields, "count") ?? numberAt(fields, "deprecatedCount") ?? 1;
  const message = textAt(fields, "message") ?? textAt(fields, "note");
  const times = count > 1 ? ` (${counted(count, "time")})` : "";
  return {
    key: `event ${namespace}/${subject.kind}/${subject.name} ${reason}`,
    // Clocks of nodes run ahead.
    atMs: Math.min(lastMs, noticedAtMs),
    firstMs: Math.min(firstMs ?? lastMs, lastMs, noticedAtMs),
    kind: subject.kind,
    namespace,
    name: subject.name,
    summary: `${reason}${message === null ? "" : `: ${oneLine(message)}`}${times}`,
    detail: subject.name === name ? null : `seen at ${kind} ${name}`,
    aims: subject.aims,
  };
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly aims: readonly Aim[];
}

/** The workload of a pod or ReplicaSet, else the object itself; null when it is not known. */
function subjectOf(
  { kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string },
  objects: ClusterObjects,
): Subject | null {
  if (kind === "Pod") {
    const pod = objects.get("/Pod", namespace, name);
    if (pod === null) return workloadNamedBy(name, namespace, objects);
    const owner = ownerOf(pod, objects);
    return { ...owner, aims: [{ at: "pods", namespace, labels: labelsOf(pod) }] };
  }
  const group = kind === "Service" ? "" : "apps";
  const object = objects.get(`${group}/${kind}`, namespace, name);
  if (object === null) return null;
  const owner = kind === "ReplicaSet" ? controllerOf(object) : null;
  const aims = aimsOf(object, objects);
  return owner === null
    ? { kind, name, aims }
    : { kind: owner.kind.slice(owner.kind.indexOf("/") + 1), name: owner.name, aims };
}

/** For a pod that is gone already, or not told yet. */
function workloadNamedBy(pod: string, namespace: string, objects: ClusterObjects): Subject | null {
  const name = podWorkload(pod);
  const workload = workloadKinds.map((kind) => objects.get(kind, namespace, name)).find((object) => object !== null);
  return workload === undefined || workload === null
    ? null
    : { kind: workload.kind, name, aims: aimsOf(workload, objects) };
}
