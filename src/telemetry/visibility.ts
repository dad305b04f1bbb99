/**
 * What the caller may see, a plain value that every read of `mesh` takes: access control then adds no second path to the data.
 * Made by `access/` from the caller's token.
 */
export interface Visibility {
  /** Namespaces the caller may see; `all` for everything. */
  readonly namespaces: "all" | ReadonlySet<string>;
}

/** The view of a caller without limits (loopback, CLI, `namespaces: ["*"]`). */
export const seeAll: Visibility = { namespaces: "all" };

/** Whether a namespace is visible; the empty namespace (egress, unknown) is visible to those who see everything only. */
export function canSee(visibility: Visibility, namespace: string): boolean {
  return visibility.namespaces === "all" || visibility.namespaces.has(namespace);
}
