/** What to do with a delivery whose turn it is, from what its lane has sent so far. Pure; called by the pass. */
import { deliveryStates, type StoredDelivery } from "../store/outbox-store.js";
import {
  type DeliveryPayload,
  type DeliveryReceipt,
  isPicture,
  type PicturePayload,
  readPayload,
  readReceipt,
} from "./delivery-payload.js";

/** The anchor of a lane as it was posted. */
export type Anchor = Extract<DeliveryReceipt, { readonly kind: "anchor" }>;

/** What to do. */
export type Plan =
  | { readonly do: "post"; readonly payload: DeliveryPayload }
  | {
      readonly do: "update";
      readonly payload: Extract<DeliveryPayload, { readonly kind: "anchor" }>;
      readonly anchor: Anchor;
    }
  | { readonly do: "reply"; readonly payload: DeliveryPayload; readonly anchor: Anchor }
  | {
      readonly do: "upload";
      readonly payload: PicturePayload;
      readonly anchor: Anchor;
    }
  /** Another one goes first: the anchor this one belongs under, put in later because it took the place of an older one. */
  | { readonly do: "first"; readonly delivery: StoredDelivery }
  | { readonly do: "leave-out"; readonly reason: string }
  | { readonly do: "give-up"; readonly reason: string };

/** What is known beside the store. */
export interface PlanContext {
  readonly canEdit: boolean;
  /** Whether a message was found to be gone. */
  isLost(anchor: Anchor): boolean;
}

const waiting: ReadonlySet<StoredDelivery["state"]> = new Set(
  deliveryStates.filter((state) => state === "QUEUED" || state === "FAILED" || state === "AMBIGUOUS"),
);

/** The plan; `lane` is the delivery's lane, oldest first. */
export function planAttempt(delivery: StoredDelivery, lane: readonly StoredDelivery[], context: PlanContext): Plan {
  const payload = readPayload(delivery.payload);
  if (payload === null) return { do: "give-up", reason: "what is stored is no message of this version" };
  const anchor = anchorOf(lane, context);
  if (payload.kind === "anchor") {
    return anchor !== null && context.canEdit ? { do: "update", payload, anchor } : { do: "post", payload };
  }
  if (anchor !== null) return underAnchor(payload, anchor);
  const later = lane.find(
    (one) => one.id !== delivery.id && waiting.has(one.state) && readPayload(one.payload)?.kind === "anchor",
  );
  if (later !== undefined) return { do: "first", delivery: later };
  if (isPicture(payload)) return { do: "leave-out", reason: "there is no message to put the picture under" };
  return { do: "post", payload };
}

function underAnchor(payload: Exclude<DeliveryPayload, { readonly kind: "anchor" }>, anchor: Anchor): Plan {
  if (isPicture(payload)) return { do: "upload", payload, anchor };
  const { state, severity } = anchor.first;
  if (payload.isSaidByAnchor && state === payload.state && severity === payload.severity) {
    return { do: "leave-out", reason: "the message was first posted like this and says it" };
  }
  return { do: "reply", payload, anchor };
}

/** The newest one sent that is not lost. */
function anchorOf(lane: readonly StoredDelivery[], { isLost }: PlanContext): Anchor | null {
  const sent = lane.flatMap(({ state, receipt }) => {
    const read = state === "SENT" ? readReceipt(receipt) : null;
    return read?.kind === "anchor" ? [read] : [];
  });
  return sent.findLast((one) => !isLost(one)) ?? null;
}
