import type { WatchEvent } from "../../../src/workloads/watch-event.js";

/** The parts of a Kubernetes object the tests read. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation: number;
    readonly creationTimestamp: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string; readonly kind: string }[];
    readonly managedFields: readonly {
      readonly time: string;
      readonly manager: string;
      readonly subresource?: string;
    }[];
  };
  readonly spec: { readonly replicas?: number };
  readonly status: {
    readonly availableReplicas: number;
    readonly updatedReplicas: number;
    readonly unavailableReplicas: number;
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
    readonly containerStatuses: readonly {
      readonly restartCount: number;
      readonly ready: boolean;
      readonly state: { readonly waiting?: { readonly reason: string }; readonly running?: unknown };
      readonly lastState?: { readonly terminated: { readonly reason: string; readonly exitCode: number } };
    }[];
  };
  readonly endpoints: readonly { readonly conditions: { readonly ready: boolean } }[];
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

export const objectOf = (event: WatchEvent): KubeObject => event.object as KubeObject;

export const nameOf = (event: WatchEvent): string => {
  const { kind, metadata } = objectOf(event);
  return `${event.type} ${kind} ${metadata.name}`;
};
