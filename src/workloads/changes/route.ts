/** A rule of routing in one form, whichever of Istio, Gateway API or Linkerd wrote it. Made by istio-routes.ts and gateway-routes.ts. */

/** Where a share of requests goes. */
export interface RouteTarget {
  /** Short where it is in the object's own namespace: `reviews`. */
  readonly host: string;
  /** Subset or other part of the host; null for all of it. */
  readonly part: string | null;
  /** As written; null where nothing is, which means an equal share. */
  readonly weight: number | null;
}

/** One rule. Texts are ready to be read; null is absent. */
export interface Route {
  /** Which requests: `end-user=jason`; "" for all. */
  readonly match: string;
  readonly targets: readonly RouteTarget[];
  /** Settings that may hold anything (header values): told as "changed" only. */
  readonly opaque: Readonly<Record<string, string | null>>;
  /** `fault`, `timeout`, `retries`, `mirror`, `redirect`, ... to what they are. */
  readonly settings: Readonly<Record<string, string | null>>;
}
