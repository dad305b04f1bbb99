/** The pods of the recorded mesh. Addresses, pod names and ids are made up. */

/** One pod with its proxy. */
export interface Workload {
  /** `reviews-v2`: the name of its Deployment. */
  readonly name: string;
  readonly namespace: string;
  /** `reviews`: its app label and canonical name. */
  readonly app: string;
  readonly version: string;
  readonly pod: string;
  readonly ip: string;
  readonly serviceAccount: string;
  readonly proxy: "sidecar" | "router";
}

function bookinfo(app: string, version: string, address: number, podSuffix: string): Workload {
  return {
    name: `${app}-${version}`,
    namespace: "bookinfo",
    app,
    version,
    pod: `${app}-${version}-${podSuffix}`,
    ip: `10.244.1.${address}`,
    serviceAccount: `bookinfo-${app}`,
    proxy: "sidecar",
  };
}

/** Where requests come in. */
export const gateway: Workload = {
  name: "istio-ingressgateway",
  namespace: "istio-system",
  app: "istio-ingressgateway",
  version: "latest",
  pod: "istio-ingressgateway-6f8d9c7b54-q7x2m",
  ip: "10.244.1.10",
  serviceAccount: "istio-ingressgateway-service-account",
  proxy: "router",
};

/** Bookinfo's own pods, one for each version. */
export const productpage: Workload = bookinfo("productpage", "v1", 11, "7c5d8f9b66-4hzlk");
export const details: Workload = bookinfo("details", "v1", 12, "5f4d584748-w9sfc");
export const reviewsV1: Workload = bookinfo("reviews", "v1", 21, "6584ddcf65-8c7tp");
export const reviewsV2: Workload = bookinfo("reviews", "v2", 22, "6f85cb9b7c-m2nvd");
export const reviewsV3: Workload = bookinfo("reviews", "v3", 23, "6f5b775685-zk4jq");
export const ratings: Workload = bookinfo("ratings", "v1", 31, "d6694fbb6-h5r8x");

/** Every pod, in the order of a request. */
export const workloads: readonly Workload[] = [gateway, productpage, details, reviewsV1, reviewsV2, reviewsV3, ratings];

/** The host a mesh service is called by. */
export function hostOf(service: string): string {
  return `${service}.bookinfo.svc.cluster.local`;
}
