/** Whether a kind of call is good, failed or in neither side, by the contract's rule and an objective's changes to it. Pure. */
import { type CountedCalls, verdictOf } from "../../mesh/classify-outcome.js";
import type { CallStatus, FailedRule } from "../objective.js";

/** LEFT is in neither side of the ratio. */
export type Judgement = "GOOD" | "FAILED" | "LEFT";

/** What a status takes away is not failed, whatever else adds it. */
export function judgeCall(calls: CountedCalls, rule: FailedRule): Judgement {
  const { kind } = verdictOf(calls);
  if (kind === "LEFT") return "LEFT";
  if (!rule.callerGaveUp && calls.flags.includes("DC")) return "LEFT";
  if (rule.remove.some((status) => hasStatus(calls, status))) return "GOOD";
  if (kind === "FAILED" || rule.add.some((status) => hasStatus(calls, status))) return "FAILED";
  return "GOOD";
}

function hasStatus({ code, grpcStatus, flags }: CountedCalls, status: CallStatus): boolean {
  switch (status.kind) {
    case "http":
      return code !== null && code >= status.from && code <= status.to;
    case "grpc":
      return grpcStatus === status.status;
    case "flag":
      return flags.includes(status.flag);
  }
}
