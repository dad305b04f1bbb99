/** When an object was changed, and by whom, as far as its metadata tells. Called by change-keeper.ts. */
import type { KubeObject } from "../kube-object.js";
import { instantAt, listAt, textAt } from "../read-json.js";

/** The last write of the object's wish (not its status). */
export interface LastWrite {
  readonly atMs: number;
  /** `kubectl-client-side-apply`, `argocd-controller`; null when it does not say. */
  readonly manager: string | null;
}

/** The newest entry of managedFields that is no status; null without any. Seconds, as Kubernetes writes them. */
export function lastWrite(object: KubeObject): LastWrite | null {
  let last: LastWrite | null = null;
  for (const entry of listAt(object.fields, "metadata", "managedFields")) {
    const atMs = instantAt(entry, "time");
    const subresource = textAt(entry, "subresource");
    if (atMs === null || (subresource !== null && subresource !== "scale")) continue;
    if (last === null || atMs >= last.atMs) last = { atMs, manager: textAt(entry, "manager") };
  }
  return last;
}

/** When it was made. */
export function createdAt(object: KubeObject): number | null {
  return instantAt(object.fields, "metadata", "creationTimestamp");
}

/**
 * The date of a change noticed at `noticedAtMs`: the last write where it is newer than the version before and not in the future (a clock
 * that runs ahead), else the notice.
 */
export function changedAt(before: KubeObject, after: KubeObject, noticedAtMs: number): LastWrite {
  const was = lastWrite(before);
  const is = lastWrite(after);
  const isNews = is !== null && was !== null && is.atMs > was.atMs && is.atMs <= noticedAtMs;
  return isNews ? is : { atMs: noticedAtMs, manager: is !== null && is.atMs === was?.atMs ? is.manager : null };
}
