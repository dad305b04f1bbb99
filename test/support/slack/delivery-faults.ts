/** The faults and the steps of the delivery matrix. */
import type { FaultKind } from "./stand-in.js";

/** Ways to fail, by what people call them. */
export const deliveryFaults: Readonly<Record<string, FaultKind>> = {
  "a 429": { kind: "rate-limited", retryAfterSeconds: 5 },
  "a 500 before it is accepted": { kind: "status", status: 500, isAccepted: false },
  "a 503 after it is accepted": { kind: "status", status: 503, isAccepted: true },
  "a reset before it is accepted": { kind: "reset", isAccepted: false },
  "a reset after it is accepted": { kind: "reset", isAccepted: true },
  "silence before it is accepted": { kind: "hang", isAccepted: false },
  "silence after it is accepted": { kind: "hang", isAccepted: true },
  "a proxy's page before it is accepted": { kind: "page", isAccepted: false },
  "a proxy's page after it is accepted": { kind: "page", isAccepted: true },
  internal_error: { kind: "error", error: "internal_error" },
  service_unavailable: { kind: "error", error: "service_unavailable" },
};

/** Calls that do something. */
export const deliveryCalls = [
  "chat.postMessage",
  "chat.update",
  "files.getUploadURLExternal",
  "upload",
  "files.completeUploadExternal",
] as const;

/** Calls that look whether something was done. */
export const lookupCalls = ["conversations.history", "conversations.replies", "conversations.list"] as const;
