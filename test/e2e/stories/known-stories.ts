/** What an engineer must see of each scenario, whatever holds the telemetry. */
import type { ScenarioName } from "../programme.js";
import type { Engineer } from "../questions.js";
import { ratingsAbort, ratingsDelay, ratingsDelayV3 } from "./faults.js";
import { canarySplit, crashloop, retriesMask, storm } from "./rollouts.js";
import { egressBlocked, egressFirestore, healthy, mysqlSlow, rbacDenied } from "./traffic.js";

/** Expectations by scenario; each fails with the first that is not met. */
export const stories: Readonly<Record<ScenarioName, (engineer: Engineer) => Promise<void>>> = {
  healthy,
  "ratings-delay": ratingsDelay,
  "ratings-delay-v3": ratingsDelayV3,
  "ratings-abort": ratingsAbort,
  "canary-split": canarySplit,
  "retries-mask": retriesMask,
  "rbac-denied": rbacDenied,
  "egress-blocked": egressBlocked,
  "egress-firestore": egressFirestore,
  "mysql-slow": mysqlSlow,
  crashloop,
  storm,
};
