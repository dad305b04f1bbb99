/** A small shop: twelve services of which ten cannot do without `sessions`. Stands beside Bookinfo for the scenario `storm`. */
import { type GraphService, graphMesh } from "./graph-mesh.js";

const namespace = "shop";
const needed = (to: string, share = 1): GraphService["calls"][number] => ({
  to,
  share,
  isNeeded: true,
  giveUpAfterMs: 2000,
});
const useful = (to: string, share: number): GraphService["calls"][number] => ({
  ...needed(to, share),
  isNeeded: false,
});

function service(
  name: string,
  medianMs: number,
  calls: GraphService["calls"],
  replicas: readonly number[] = [1],
): GraphService {
  const ownTime = { medianMs, sigma: 0.4 };
  return { name, namespace, replicas, ownTime, isParallel: true, calls, external: null };
}

const services: readonly GraphService[] = [
  service(
    "storefront",
    3,
    [
      needed("sessions"),
      useful("catalog", 1),
      useful("cart", 0.6),
      useful("recommendations", 0.8),
      useful("offers", 0.5),
    ],
    [2],
  ),
  service("catalog", 4, [needed("sessions")], [2]),
  service("cart", 2, [needed("sessions"), useful("offers", 0.3)]),
  service("checkout", 5, [needed("sessions"), needed("cart"), needed("payments"), useful("shipping", 1)], [2]),
  service("payments", 12, []),
  service("shipping", 4, [needed("sessions")]),
  service("orders", 6, [needed("sessions"), useful("shipping", 0.4)]),
  service("profile", 3, [needed("sessions"), useful("wishlist", 0.5), useful("orders", 0.5)]),
  service("wishlist", 2, [needed("sessions")]),
  service("recommendations", 9, [needed("sessions"), useful("catalog", 0.5)]),
  service("offers", 2, [needed("sessions")]),
  service("sessions", 1.2, [], [2]),
];

/** The shop at two requests a second. */
export const shopMesh = graphMesh({
  name: "shop",
  services,
  externals: [],
  entries: [
    { service: "storefront", weight: 6 },
    { service: "profile", weight: 2 },
    { service: "checkout", weight: 2 },
  ],
  requestsPerSecond: 2,
  shared: "sessions",
  gatewayReplicas: 1,
});
