/** Retries by the mesh that hide a service failing half of the time. */
import { toSubset, virtualService } from "../meshes/bookinfo/bookinfo-config.js";
import { flakyRatingsImage } from "../meshes/bookinfo/bookinfo-images.js";
import { hasBookinfo, type Scenario, withConfig, withImage } from "./scenario.js";

/** Attempts and calls tell two stories. */
export const retriesMask: Scenario = {
  name: "retries-mask",
  story: "A new image of ratings refuses half of all attempts with 503; three retries by the sidecars hide nearly all.",
  lookAt: "ratings in both views: half of the attempts fail, few of the calls do; latency pays for it",
  expected: "ratings' server 50 % 503; callers 6 % 503 `URX`; a retry waits up to 25, 50, then 100 ms",
  settlesAfterMs: 40_000,
  suits: hasBookinfo,
  change: (state) =>
    withConfig(
      withImage(state, "bookinfo/ratings-v1", flakyRatingsImage),
      virtualService("ratings", [{ retries: { attempts: 3, retryOn: "5xx" }, route: [toSubset("ratings", "v1")] }]),
    ),
};
