/**
 * The simulated cluster's objects as the Kubernetes API would give them: metadata kept as the API server keeps it, every change told as a
 * watch event. Written to by the controllers beside this file.
 */
import type { WatchEvent } from "../../workloads/watch-event.js";
import { fnv1a } from "../simulation/random.js";

/** An object as its author writes it, without what the API server adds. */
export interface ObjectBody {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly unknown[];
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
  readonly spec?: unknown;
  readonly [field: string]: unknown;
}

/** Who wrote, and what. */
export interface Writer {
  readonly manager: string;
  readonly subresource?: "status";
}

/** The cluster's objects. */
export interface ObjectStore {
  /** Adds or replaces an object; writing what is there already is no change and no event. `createdMs` backdates a new one. */
  put(body: ObjectBody, atMs: number, writer: Writer, createdMs?: number): void;
  /** Removes an object; one that is not there stays away. */
  remove(kind: string, namespace: string, name: string, atMs: number): void;
  /** Uid of an object that is there. */
  uidOf(kind: string, namespace: string, name: string): string;
  /** Every object as it is now. */
  all(): readonly unknown[];
}

interface Kept {
  readonly uid: string;
  readonly createdMs: number;
  text: string;
  specText: string;
  generation: number;
  readonly writes: Map<string, { readonly writer: Writer; readonly atMs: number }>;
  object: unknown;
}

/** An empty cluster that tells each change to `onChange`. */
export function createObjectStore(onChange: (event: WatchEvent) => void): ObjectStore {
  const kept = new Map<string, Kept>();
  let version = 1000;
  let creations = 0;

  return {
    put: (body, atMs, writer, createdMs = atMs) => {
      const key = keyOf(body.kind, body.metadata.namespace, body.metadata.name);
      const text = JSON.stringify(body);
      const specText = JSON.stringify(body.spec ?? null);
      const known = kept.get(key);
      if (known?.text === text) return;
      creations += known === undefined ? 1 : 0;
      const entry: Kept = known ?? {
        uid: uidFrom(`${key}#${creations}`),
        createdMs,
        text,
        specText,
        generation: 1,
        writes: new Map(),
        object: null,
      };
      if (entry.specText !== specText) entry.generation += 1;
      entry.text = text;
      entry.specText = specText;
      entry.writes.set(`${writer.manager}/${writer.subresource ?? ""}`, {
        writer,
        atMs: known === undefined ? createdMs : atMs,
      });
      version += 1;
      entry.object = withMetadata(body, entry, version);
      kept.set(key, entry);
      onChange({ type: known === undefined ? "ADDED" : "MODIFIED", object: entry.object, atMs });
    },
    remove: (kind, namespace, name, atMs) => {
      const key = keyOf(kind, namespace, name);
      const entry = kept.get(key);
      if (entry === undefined) return;
      kept.delete(key);
      onChange({ type: "DELETED", object: entry.object, atMs });
    },
    uidOf: (kind, namespace, name) => kept.get(keyOf(kind, namespace, name))?.uid ?? "",
    all: () => [...kept.values()].map((entry) => entry.object),
  };
}

const keyOf = (kind: string, namespace: string, name: string): string => `${kind}/${namespace}/${name}`;

function withMetadata(body: ObjectBody, entry: Kept, version: number): unknown {
  return {
    ...body,
    metadata: {
      ...body.metadata,
      uid: entry.uid,
      resourceVersion: String(version),
      generation: entry.generation,
      creationTimestamp: kubernetesTime(entry.createdMs),
      managedFields: [...entry.writes.values()].map(({ writer, atMs }) => ({
        manager: writer.manager,
        operation: "Update",
        apiVersion: body.apiVersion,
        time: kubernetesTime(atMs),
        fieldsType: "FieldsV1",
        ...(writer.subresource !== undefined && { subresource: writer.subresource }),
      })),
    },
  };
}

/** A time as Kubernetes writes it: whole seconds, UTC. */
export function kubernetesTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

function uidFrom(text: string): string {
  const hex = ["a", "b", "c", "d"]
    .map((salt) =>
      fnv1a(salt + text)
        .toString(16)
        .padStart(8, "0"),
    )
    .join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
