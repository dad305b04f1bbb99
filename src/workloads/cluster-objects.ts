/** The objects of one cluster as they are now, found by identity or by kind and namespace. Kept by cluster-state.ts. */
import { type KubeObject, kindOf, objectKey } from "./kube-object.js";

/** Reading side. `kind` is written as kindOf does: `apps/Deployment`. */
export interface ClusterObjects {
  get(kind: string, namespace: string | null, name: string): KubeObject | null;
  /** Of one namespace. */
  list(kind: string, namespace: string | null): Iterable<KubeObject>;
  /** Of every namespace. */
  listAll(kind: string): Iterable<KubeObject>;
  readonly count: number;
}

/** With its writing side. */
export interface ClusterObjectStore extends ClusterObjects {
  /** Keeps an object; gives what stood there before. */
  put(object: KubeObject): KubeObject | null;
  /** Forgets it; gives what stood there. */
  remove(object: KubeObject): KubeObject | null;
}

type Namespaces = Map<string, Map<string, KubeObject>>;

/** An empty store. */
export function createClusterObjects(): ClusterObjectStore {
  const kinds = new Map<string, Namespaces>();
  const keys = new Set<string>();

  const within = (kind: string, namespace: string | null) => kinds.get(kind)?.get(namespace ?? "");
  return {
    get: (kind, namespace, name) => within(kind, namespace)?.get(name) ?? null,
    list: (kind, namespace) => within(kind, namespace)?.values() ?? [],
    *listAll(kind) {
      for (const objects of kinds.get(kind)?.values() ?? []) yield* objects.values();
    },
    get count() {
      return keys.size;
    },
    put(object) {
      const kind = kindOf(object);
      const namespace = object.namespace ?? "";
      const namespaces: Namespaces = kinds.get(kind) ?? new Map();
      const objects = namespaces.get(namespace) ?? new Map<string, KubeObject>();
      const before = objects.get(object.name) ?? null;
      kinds.set(kind, namespaces.set(namespace, objects.set(object.name, object)));
      keys.add(objectKey(object));
      return before;
    },
    remove(object) {
      const objects = within(kindOf(object), object.namespace);
      const before = objects?.get(object.name) ?? null;
      objects?.delete(object.name);
      if (objects?.size === 0) kinds.get(kindOf(object))?.delete(object.namespace ?? "");
      keys.delete(objectKey(object));
      return before;
    },
  };
}
