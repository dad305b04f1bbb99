/** What a pod's name tells: the last resort for records and spans without labels. */

const replicaSetPod = /^(.+)-(?=[a-z]*\d)[a-z0-9]{5,10}-[a-z0-9]{5}$/;
/** Kubernetes draws suffixes from letters and digits that form no words. */
const daemonSetPod = /^(.+)-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const statefulSetPod = /^(.+)-\d{1,3}$/;

/** The workload a pod's name was made from (`reviews-v2` of `reviews-v2-6f6cfc45b-h5m2n`); the name itself where it has no suffix. */
export function podWorkload(pod: string): string {
  for (const form of [replicaSetPod, daemonSetPod, statefulSetPod]) {
    const workload = form.exec(pod)?.[1];
    if (workload !== undefined) return workload;
  }
  return pod;
}

/** The service a pod most likely serves: its workload without a version (`reviews` of `reviews-v2`). */
export function podService(pod: string): string {
  return podWorkload(pod).replace(/-v\d+$/, "");
}
