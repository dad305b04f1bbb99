/** How a Service is: its workloads, its sidecars, its endpoints. Called by cluster-state.ts. */
import type { HealthState, ServiceHealth } from "../../telemetry/workload-source.js";
import type { ClusterObjects } from "../cluster-objects.js";
import type { KubeObject } from "../kube-object.js";
import { type OwnedWorkload, selectorOf, slicesOf, workloadsBehind } from "../ownership.js";
import { listAt, textAt, valueAt } from "../read-json.js";
import { counted } from "../say.js";
import { gravities, type Problem } from "./problem.js";
import { sidecarOf, wantsSidecar } from "./sidecar.js";
import { workloadFacts } from "./workload-health.js";

/** More reasons than this tell nobody anything. */
const maxReasons = 20;

/** Reads a Service's health from the objects of its cluster. */
export function serviceHealth(service: KubeObject, objects: ClusterObjects, nowMs: number): ServiceHealth {
  const owned = workloadsBehind(service, objects);
  if (owned.length === 0) return { ...withoutWorkloads(service), workloads: [] };
  const facts = owned.map((workload) => workloadFacts(workload, nowMs));
  const workloads = facts.map(({ health }) => health);
  const ready = workloads.reduce((sum, workload) => sum + workload.ready, 0);
  if (ready === 0 && workloads.every(({ desired, pods }) => desired === 0 && pods.every(isLeaving))) {
    return { state: "IDLE", reasons: ["scaled to zero"], workloads };
  }
  const problems = [
    ...endpointProblems(service, ready, objects),
    ...facts.flatMap((one) => one.problems),
    ...sidecarProblems(owned),
  ].sort((a, b) => gravities.indexOf(a.gravity) - gravities.indexOf(b.gravity));
  const isDown = ready === 0 || problems.some(({ text }) => text === noEndpoints);
  const state: HealthState = isDown ? "DOWN" : problems.length > 0 ? "DEGRADED" : "HEALTHY";
  const reasons = problems.map(({ text }) => text).slice(0, maxReasons);
  return {
    state,
    reasons: state !== "HEALTHY" && reasons.length === 0 ? ["no instance is ready"] : reasons,
    workloads,
  };
}

function isLeaving({ phase }: { readonly phase: string }): boolean {
  return phase === "Terminating";
}

function withoutWorkloads(service: KubeObject): Pick<ServiceHealth, "state" | "reasons"> {
  const alias = textAt(service.fields, "spec", "externalName");
  if (alias !== null) return { state: "UNKNOWN", reasons: [`is an alias of ${alias}, which is outside the cluster`] };
  const selector = selectorOf(service);
  if (selector === null)
    return { state: "UNKNOWN", reasons: ["has no selector, and none of its endpoints is a known pod"] };
  const wanted = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return { state: "DOWN", reasons: [`nothing runs behind it: no pod has the labels ${wanted.join(", ")}`] };
}

const noEndpoints = "none of its endpoints is ready, though pods are";

/** Endpoints are judged only where slices are known: a source may not be allowed to read them. */
function endpointProblems(service: KubeObject, readyPods: number, objects: ClusterObjects): readonly Problem[] {
  const slices = slicesOf(service, objects);
  if (slices.length === 0 || readyPods === 0) return [];
  const ready = new Set(
    slices
      .flatMap((slice) => listAt(slice.fields, "endpoints"))
      // Absent means ready.
      .filter((endpoint) => valueAt(endpoint, "conditions", "ready") !== false)
      .map((endpoint) => textAt(endpoint, "targetRef", "name") ?? JSON.stringify(valueAt(endpoint, "addresses"))),
  );
  return ready.size === 0 ? [{ gravity: "down", text: noEndpoints }] : [];
}

/** A pod without a proxy is one where its siblings have theirs or where it was asked for. */
function sidecarProblems(owned: readonly OwnedWorkload[]): readonly Problem[] {
  const pods = owned.flatMap((workload) => workload.pods);
  const areMeshed = pods.some((pod) => sidecarOf(pod) !== null);
  return owned.flatMap(({ name, pods: own }): readonly Problem[] => {
    const bare = own.filter((pod) => sidecarOf(pod) === null && (wantsSidecar(pod) ?? areMeshed));
    if (bare.length === 0) return [];
    const subject = bare.length === 1 ? bare[0]?.name : `${name}, ${counted(bare.length, "pod")}`;
    return [{ gravity: "weak", text: `${subject}: has no sidecar, so its calls are outside the mesh` }];
  });
}
