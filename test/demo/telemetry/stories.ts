/** One request of each story as real sidecars saw it (docs/reference/demo.md), for the renderers' tests. */
import type { Exchange } from "../../../src/demo/simulation/exchange.js";
import { attempt, call, connection, linked, mysql, pods, services, t0 } from "./tiny-mesh.js";

const { gateway, productpage, details, reviewsV2, reviewsV3, ratings } = pods;
const gone = "downstream_remote_disconnect";

function toRatings(status: number): Exchange {
  return call(reviewsV2, services.ratings, { status }, [attempt(ratings, { status, takes: 4 })]);
}

/** The page calls reviews twice; both times it gives up after 3 s, while ratings' answer is held for 7 s. */
function delayed() {
  const tries = [0, 3_000].map((at) => {
    const held = call(reviewsV2, services.ratings, { at, takes: 7_003, flags: ["DI"] }, [
      attempt(ratings, { at: at + 7_000, takes: 2 }),
    ]);
    const seen = { at, takes: 3_000, status: 0, flags: ["DC"], details: gone };
    return call(productpage, services.reviews, seen, [attempt(reviewsV2, seen, { calls: [held] })]);
  });
  const page = attempt(productpage, { takes: 6_008 }, { calls: tries });
  return call(gateway, services.productpage, { takes: 6_010 }, [page]);
}

/** A user's request of each story. */
export const stories = {
  healthy: linked(
    call(gateway, services.productpage, { takes: 23 }, [
      attempt(
        productpage,
        { takes: 22 },
        {
          calls: [
            call(productpage, services.details, {}, [attempt(details, { takes: 4 })]),
            call(productpage, services.reviews, { takes: 12 }, [
              attempt(reviewsV2, { takes: 11 }, { calls: [toRatings(200)] }),
            ]),
          ],
        },
      ),
    ]),
  ),
  delay: linked(delayed()),
  delayCutShort: call(reviewsV3, services.ratings, { takes: 2_501, status: 0, flags: ["DI", "DC"], details: gone }, []),
  abort: call(
    reviewsV2,
    services.ratings,
    { takes: 0.1, status: 500, flags: ["FI"], details: "fault_filter_abort" },
    [],
  ),
  retriesHelp: call(reviewsV2, services.ratings, { takes: 40 }, [
    attempt(ratings, { status: 503, takes: 2 }),
    attempt(ratings, { at: 25, takes: 3 }),
  ]),
  retriesEnd: call(reviewsV2, services.ratings, { takes: 80, status: 503, flags: ["URX"] }, [
    attempt(ratings, { status: 503, takes: 2 }),
    attempt(ratings, { at: 25, status: 503, takes: 2 }),
    attempt(ratings, { at: 70, status: 503, takes: 2 }),
  ]),
  denied: call(reviewsV3, services.ratings, { status: 403 }, [
    attempt(
      ratings,
      {
        status: 403,
        takes: 1,
        details: "rbac_access_denied_matched_policy[ns[bookinfo]-policy[deny-reviews-v3]-rule[0]]",
      },
      null,
    ),
  ]),
  blackHole: connection(details, "BlackHoleCluster", {
    upstreamHost: null,
    endMs: t0,
    flags: ["UH"],
    sentBytes: 0,
    receivedBytes: 0,
  }),
  mysql: connection(ratings, mysql),
  routeTimeout: call(
    reviewsV2,
    services.ratings,
    { takes: 1_000, status: 504, flags: ["UT"], details: "response_timeout" },
    [attempt(ratings, { takes: 1_000, status: 0, flags: ["DC"], details: gone })],
  ),
  noEndpoints: call(
    reviewsV2,
    services.ratings,
    { takes: 0.1, status: 503, flags: ["UH"], details: "no_healthy_upstream" },
    [],
  ),
  appDown: call(reviewsV2, services.ratings, { status: 503 }, [
    attempt(
      ratings,
      {
        status: 503,
        takes: 1,
        flags: ["UF"],
        details:
          "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}",
      },
      null,
    ),
  ]),
} satisfies Record<string, Exchange>;
