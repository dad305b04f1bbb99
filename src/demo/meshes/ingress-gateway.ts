/** The gateway every simulated mesh has. */
import type { DeploymentDefinition } from "../simulation/mesh-definition.js";

/** Istio's ingress gateway with so many pods. */
export function ingressGateway(replicas: number): DeploymentDefinition {
  return {
    replicas,
    workload: {
      name: "istio-ingressgateway",
      namespace: "istio-system",
      app: "istio-ingressgateway",
      version: "latest",
      serviceAccount: "istio-ingressgateway-service-account",
      image: "docker.io/istio/proxyv2:1.27.3",
      service: null,
    },
  };
}
