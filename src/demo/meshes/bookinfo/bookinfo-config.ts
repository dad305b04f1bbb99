/** Istio configuration of the healthy Bookinfo: what every scenario is a change of. */
import type {
  ConfigManifest,
  DestinationRule,
  HttpRouteSpec,
  ServiceEntry,
  VirtualService,
} from "../../simulation/manifests.js";
import { firestore } from "./details.js";
import { mysql } from "./ratings.js";

const namespace = "bookinfo";

/** A VirtualService of Bookinfo under its service's name. */
export function virtualService(name: string, http: readonly HttpRouteSpec[]): VirtualService {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, namespace },
    spec: { hosts: [name], http },
  };
}

/** A way to one version of a service. */
export function toSubset(host: string, subset: string, weight?: number): HttpRouteSpec["route"][number] {
  return { destination: { host, subset }, ...(weight !== undefined && { weight }) };
}

/** A match for one logged-in user. */
export function forUser(user: string): NonNullable<HttpRouteSpec["match"]> {
  return [{ headers: { "end-user": { exact: user } } }];
}

function destinationRule(name: string, versions: readonly string[]): DestinationRule {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name, namespace },
    spec: { host: name, subsets: versions.map((version) => ({ name: version, labels: { version } })) },
  };
}

function serviceEntry(name: string, to: { readonly host: string; readonly port: number }): ServiceEntry {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: { name, namespace },
    spec: {
      hosts: [to.host],
      location: "MESH_EXTERNAL",
      ports: [{ number: to.port, name: `tcp-${to.port}`, protocol: "TCP" }],
      resolution: "DNS",
    },
  };
}

/** Reviews spread over three versions, jason always on v2, ratings on v1, both ways out declared, nothing else let out. */
export const bookinfoConfig: readonly ConfigManifest[] = [
  virtualService("productpage", [{ route: [{ destination: { host: "productpage" } }] }]),
  virtualService("details", [{ route: [{ destination: { host: "details" } }] }]),
  virtualService("reviews", [
    { match: forUser("jason"), route: [toSubset("reviews", "v2")] },
    { route: [toSubset("reviews", "v1", 33), toSubset("reviews", "v2", 33), toSubset("reviews", "v3", 34)] },
  ]),
  virtualService("ratings", [{ route: [toSubset("ratings", "v1")] }]),
  destinationRule("reviews", ["v1", "v2", "v3"]),
  destinationRule("ratings", ["v1", "v2"]),
  serviceEntry("firestore", firestore),
  serviceEntry("mysql", mysql),
  {
    apiVersion: "networking.istio.io/v1",
    kind: "Sidecar",
    metadata: { name: "default", namespace },
    spec: { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } },
  },
];
