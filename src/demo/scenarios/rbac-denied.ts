/** A policy that denies one caller: 403, without a flag and without an error span. */
import { hasBookinfo, type Scenario, withConfig } from "./scenario.js";

/** A client error by configuration. */
export const rbacDenied: Scenario = {
  name: "rbac-denied",
  story: "A new AuthorizationPolicy denies reviews-v3 the use of ratings.",
  lookAt: "edges of ratings: reviews-v3 has client errors DENIED, reviews-v2 has none; the policy among the changes",
  expected: "reviews-v3 to ratings all 403 `-`, `rbac_access_denied_matched_policy` in ratings' access log only",
  settlesAfterMs: 0,
  suits: hasBookinfo,
  change: (state) =>
    withConfig(state, {
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "deny-reviews-v3", namespace: "bookinfo" },
      spec: {
        selector: { matchLabels: { app: "ratings" } },
        action: "DENY",
        rules: [{ from: [{ source: { principals: ["cluster.local/ns/bookinfo/sa/bookinfo-reviews-v3"] } }] }],
      },
    }),
};
