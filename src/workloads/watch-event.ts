/** What the Kubernetes API tells a watcher: the one input of every source of workloads, real or simulated. */

/**
 * One object came, was changed or went. An object that is there when a source starts comes as ADDED; it was created at its creationTimestamp,
 * or at `atMs` where it has none.
 * DELETED brings the object as it last was.
 */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** The object as the API gives it, `apiVersion` and `kind` included; nothing about its shape is relied on. */
  readonly object: unknown;
  /** When it was noticed, epoch ms; used where the object itself has no date. */
  readonly atMs: number;
}
