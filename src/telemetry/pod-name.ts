/** Which workload a pod's name gives away. Kubernetes adds a replica set's hash and an id to the workload's name. */

/** Kubernetes' own random letters: no vowels, so that they make no words. */
const random = "[bcdfghjklmnpqrstvwxz2456789]";
const replicaSet = new RegExp(
  `^(?:${random}{5,10}|(?=[a-z]*\\d)[a-z0-9]{5,10})-(?:${random}{5}|(?=[a-z]*\\d)[a-z0-9]{5})$`,
);
const single = new RegExp(`^(?:${random}{5}|\\d{1,4})$`);

/**
 * Whether a pod belongs to the workload of that name: it is called so, or so with `-<replica set>-<id>` (Deployment), `-<id>`
 * (DaemonSet) or `-<ordinal>` (StatefulSet) behind it. `reviews-other-5c66d57d58-6mp2b` does not belong to `reviews`.
 */
export function podBelongsTo(pod: string, workload: string): boolean {
  if (workload === "" || !pod.startsWith(workload)) return false;
  const rest = pod.slice(workload.length);
  if (rest === "") return true;
  return rest.startsWith("-") && (replicaSet.test(rest.slice(1)) || single.test(rest.slice(1)));
}
