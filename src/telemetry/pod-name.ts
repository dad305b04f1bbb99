/** Which workload a pod's name gives away. Kubernetes adds a replica set's hash and an id to the workload's name. */

/** Kubernetes' own random letters: no vowels, so that they make no words. Other makers' have a digit at least. */
const random = "[bcdfghjklmnpqrstvwxz2456789]";
const replicaSet = `(?:${random}{5,10}|(?=[a-z]*\\d)[a-z0-9]{5,10})-(?:${random}{5}|(?=[a-z]*\\d)[a-z0-9]{5})`;
const single = `(?:${random}{5}|\\d{1,4})`;
const suffix = new RegExp(`^-(?:${replicaSet}|${single})$`);
const replicaSetPod = new RegExp(`^(.+)-${replicaSet}$`);
const singlePod = new RegExp(`^(.+)-${single}$`);

/**
 * Whether a pod belongs to the workload of that name: it is called so, or so with `-<replica set>-<id>` (Deployment), `-<id>`
 * (DaemonSet) or `-<ordinal>` (StatefulSet) behind it. `reviews-other-5c66d57d58-6mp2b` does not belong to `reviews`.
 */
export function podBelongsTo(pod: string, workload: string): boolean {
  if (workload === "" || !pod.startsWith(workload)) return false;
  return pod.length === workload.length || suffix.test(pod.slice(workload.length));
}

/** The workload a pod's name was made from (`reviews-v2` of `reviews-v2-6f6cfc45b-h5m2n`); the name itself where it has no suffix. */
export function podWorkload(pod: string): string {
  return replicaSetPod.exec(pod)?.[1] ?? singlePod.exec(pod)?.[1] ?? pod;
}
