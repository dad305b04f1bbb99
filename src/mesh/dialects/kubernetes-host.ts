/** Service names as proxies write them: `reviews.bookinfo.svc.cluster.local`, with a port, or a host outside the cluster. */

import { remembered } from "../../telemetry/remembered.js";

/** A Kubernetes service named by a host. */
export interface HostedService {
  readonly name: string;
  readonly namespace: string;
}

const inCluster = /^([^.:]+)\.([^.:]+)\.svc(?:[.:]|$)/;
const ipAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9a-f]*:[0-9a-f:]+\]?)$/i;

/** The service a host names in the form `<name>.<namespace>.svc[.<domain>][:port]`; null for any other host. */
export const serviceOfHost: (host: string) => HostedService | null = remembered(10_000, (host) => {
  const found = inCluster.exec(host);
  return found?.[1] === undefined || found[2] === undefined ? null : { name: found[1], namespace: found[2] };
});

/** The host without its port. */
export function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "");
}

/** Whether a host is a bare IP address: a pod or peer called without a name. */
export function isIpAddress(host: string): boolean {
  return ipAddress.test(withoutPort(host)) || ipAddress.test(host);
}
