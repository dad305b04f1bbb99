/** Aborts injected by the callers' own proxies: the service they are about looks healthy. */
import { toSubset, virtualService } from "../meshes/bookinfo/bookinfo-config.js";
import { hasBookinfo, type Scenario, withConfig } from "./scenario.js";

/** Failures that the failing service's own metrics do not have. */
export const ratingsAbort: Scenario = {
  name: "ratings-abort",
  story: "Half of the calls to ratings are answered 500 by the caller's own sidecar.",
  lookAt: "ratings in both views: callers see 50 % failed by FAULT_INJECTED, its own server sees none",
  expected: "half of reviews-v2 and v3 to ratings 500 `FI` under 1 ms, destination workload unknown; pages 200",
  settlesAfterMs: 0,
  suits: hasBookinfo,
  change: (state) =>
    withConfig(
      state,
      virtualService("ratings", [
        { fault: { abort: { httpStatus: 500, percentage: { value: 50 } } }, route: [toSubset("ratings", "v1")] },
      ]),
    ),
};
