/** A database outside the mesh that grows slow: no metric of the mesh says so. */
import { toSubset, virtualService } from "../meshes/bookinfo/bookinfo-config.js";
import { mysql } from "../meshes/bookinfo/ratings.js";
import { hasBookinfo, type Scenario, withConfig, withExternalLatency } from "./scenario.js";

/** Slowness that comes from outside. */
export const mysqlSlow: Scenario = {
  name: "mysql-slow",
  story: "Ratings are read from an external MySQL by ratings v2, and it takes 1.8 s to answer.",
  lookAt: "ratings-v2's self time in the slow trace and the duration in its TCP access-log line; its WARN lines",
  expected: "reviews to ratings-v2 200 at 1.8 s; pages with stars 1.8 s; TCP rows as ever",
  settlesAfterMs: 0,
  suits: hasBookinfo,
  change: (state) =>
    withExternalLatency(
      withConfig(state, virtualService("ratings", [{ route: [toSubset("ratings", "v2")] }])),
      mysql.host,
      { medianMs: 1800, sigma: 0.01 },
    ),
};
