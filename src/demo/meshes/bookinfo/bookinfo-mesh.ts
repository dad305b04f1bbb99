/** Bookinfo as a mesh to simulate: Istio's own example with its real timeouts. Used by `meshlens demo` unless another mesh is asked for. */
import type { Application } from "../../simulation/application.js";
import { manifestKey } from "../../simulation/manifests.js";
import type { DeploymentDefinition, ExternalDefinition, MeshDefinition } from "../../simulation/mesh-definition.js";
import { deploymentKey } from "../../simulation/mesh-definition.js";
import type { MeshService } from "../../simulation/mesh-model.js";
import { ingressGateway } from "../ingress-gateway.js";
import { bookinfoConfig } from "./bookinfo-config.js";
import { bookinfoDefects, coversImage } from "./bookinfo-images.js";
import { createDetails, firestore } from "./details.js";
import { createProductpage } from "./productpage.js";
import { createRatingsInMemory, createRatingsInMysql, mysql } from "./ratings.js";
import { createPlainReviews, createReviewsWithStars } from "./reviews.js";

const namespace = "bookinfo";
const service = (name: string): MeshService => ({
  name,
  namespace,
  host: `${name}.${namespace}.svc.cluster.local`,
  port: 9080,
});
const [productpage, details, reviews, ratings] = [
  service("productpage"),
  service("details"),
  service("reviews"),
  service("ratings"),
];

function deployment(of: MeshService, version: string, replicas: number): DeploymentDefinition {
  return {
    replicas,
    workload: {
      name: `${of.name}-${version}`,
      namespace,
      app: of.name,
      version,
      // One account per version, so that a policy can tell the versions of reviews apart.
      serviceAccount: `bookinfo-${of.name}-${version}`,
      image: `docker.io/istio/examples-bookinfo-${of.name}-${version}:1.20.3`,
      service: of,
    },
  };
}

const gateway = ingressGateway(1);

const deployments: readonly (readonly [DeploymentDefinition, Application | null])[] = [
  [gateway, null],
  [deployment(productpage, "v1", 2), createProductpage(details, reviews)],
  [
    deployment(details, "v1", 1),
    createDetails((image) => ({ sentBytes: 56, receivedBytes: image === coversImage ? 48_200 : 442 })),
  ],
  [deployment(reviews, "v1", 1), createPlainReviews()],
  [deployment(reviews, "v2", 2), createReviewsWithStars(ratings, 10_000)],
  [deployment(reviews, "v3", 2), createReviewsWithStars(ratings, 2_500)],
  [{ ...deployment(ratings, "v1", 2), minReadySeconds: 10 }, createRatingsInMemory()],
  [deployment(ratings, "v2", 1), createRatingsInMysql()],
];

const externals: readonly ExternalDefinition[] = [
  { ...firestore, address: "203.0.113.20", latency: { medianMs: 3.2, sigma: 0.25 } },
  { ...mysql, address: "203.0.113.33", latency: { medianMs: 2.6, sigma: 0.25 } },
];

/** The healthy Bookinfo at 10 requests a second. */
export const bookinfoMesh: MeshDefinition = {
  name: "bookinfo",
  gateway: deploymentKey(gateway.workload),
  services: [productpage, details, reviews, ratings],
  state: {
    deployments: new Map(deployments.map(([one]) => [deploymentKey(one.workload), one])),
    config: new Map(bookinfoConfig.map((manifest) => [manifestKey(manifest), manifest])),
    externals: new Map(externals.map((one) => [one.host, one])),
  },
  applications: new Map(
    deployments.flatMap(([one, application]) =>
      application === null ? [] : [[deploymentKey(one.workload), application] as const],
    ),
  ),
  defects: bookinfoDefects,
  entries: [{ service: productpage, paths: ["/productpage"], weight: 1 }],
  sharedDependency: null,
  requestsPerSecond: 10,
};
