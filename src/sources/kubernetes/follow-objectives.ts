/** Follows the objects that hold objectives and tells of all of them whenever one changes. Called by kubernetes-source.ts. */
import { type KubeObject, objectKey } from "../../workloads/kube-object.js";
import { trimObject } from "../../workloads/trim-object.js";
import { type FollowDeps, type FollowState, followKind } from "./follow-kind.js";
import { objectiveKinds } from "./objective-kinds.js";
import { resourceName } from "./read-kinds.js";

/** The objects as they are now. */
export interface FollowedObjectives {
  readonly objects: readonly KubeObject[];
  /** Whether every kind was read: while one was not, an object that is not here may still be there. */
  readonly isComplete: boolean;
  /** Kinds that are there and may not be read: `prometheusservicelevels.sloth.slok.dev`. */
  readonly forbidden: readonly string[];
}

/** What it works with; the rest is each kind's. */
export interface FollowObjectivesDeps extends Omit<FollowDeps, "onListed" | "onEvent" | "onLost" | "onState"> {
  /** Null: all. */
  readonly namespaces: readonly string[] | null;
  readonly onChange: (now: FollowedObjectives) => void;
}

/** Ends when the signal aborts; never rejects. */
export async function followObjectives({ namespaces, onChange, ...deps }: FollowObjectivesDeps): Promise<void> {
  const targets = objectiveKinds.flatMap((kind) =>
    (namespaces ?? [null]).map((namespace) => ({
      kind,
      namespace,
      state: { at: "starting" } as FollowState,
      objects: new Map<string, KubeObject>(),
    })),
  );
  const tell = () => {
    const objects = targets.flatMap((one) => [...one.objects.values()]);
    const isComplete = targets.every(({ state }) => state.at === "current" || state.at === "absent");
    const forbidden = targets.flatMap(({ kind, state }) => (state.at === "forbidden" ? [resourceName(kind)] : []));
    onChange({ objects, isComplete, forbidden: [...new Set(forbidden)] });
  };
  await Promise.all(
    targets.map((one) =>
      followKind(one.kind, one.namespace, {
        ...deps,
        onListed(objects) {
          one.objects = new Map(objects.map((object) => [objectKey(object), object]));
          tell();
        },
        onEvent({ type, object }) {
          const trimmed = trimObject(object);
          if (trimmed === null) return;
          if (type === "DELETED") one.objects.delete(objectKey(trimmed));
          else one.objects.set(objectKey(trimmed), trimmed);
          tell();
        },
        // Nothing is known of their end: they stay in force.
        onLost() {},
        onState(state) {
          const isNews = state.at !== one.state.at;
          one.state = state;
          if (isNews) tell();
        },
      }),
    ),
  );
}
