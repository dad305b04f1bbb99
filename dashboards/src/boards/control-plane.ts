/** The control planes: configuration that is pushed or rejected, certificates, identity. */
import { meshlensDashboard } from "../dashboard.js";
import { lines, type Steps, stat } from "../panels.js";
import { lineWindow } from "../promql/choice.js";
import { promql } from "../targets.js";

const rate = (metric: string, by = "", only = "") => `sum${by}(rate(${metric}${only}[${lineWindow}]))`;
/** Less is worse: seconds until a certificate expires. */
const expirySteps: Steps = [
  [null, "red"],
  [7 * 86_400, "orange"],
  [30 * 86_400, "green"],
];
const rejectedSteps: Steps = [
  [null, "green"],
  [0.001, "red"],
];

export const controlPlane = meshlensDashboard({
  name: "control-plane",
  title: "Meshlens / Control plane",
  description:
    "Istio's and Linkerd's control planes: configuration that is pushed, late or rejected, connected proxies, certificates.",
  rows: [
    {
      title: "Istio",
      panels: [
        stat({
          title: "Istio root certificate",
          description: "Time until the root certificate of istiod expires.",
          unit: "s",
          width: 6,
          height: 8,
          steps: expirySteps,
          targets: [
            promql("istio root", "min(citadel_server_root_cert_expiry_timestamp) - time()", {
              legend: "root",
              isInstant: true,
            }),
          ],
        }),
        stat({
          title: "Connected proxies",
          description: "Proxies and gateways that get their configuration from istiod.",
          unit: "none",
          width: 6,
          height: 8,
          targets: [promql("istio proxies", "sum(pilot_xds)", { legend: "proxies", isInstant: true })],
        }),
        lines({
          title: "Configuration rejected",
          description:
            "Configuration per second that proxies rejected or that could not be pushed: they go on with the old one.",
          unit: "ops",
          width: 12,
          steps: rejectedSteps,
          targets: [
            promql("istio rejects", rate("pilot_total_xds_rejects"), { legend: "rejected by proxies" }),
            promql("istio push errors", rate("pilot_xds_push_errors"), { legend: "not pushed" }),
          ],
        }),
        lines({
          title: "Pushes",
          description: "Pushes of configuration per second, by kind.",
          unit: "ops",
          width: 12,
          targets: [promql("istio pushes", rate("pilot_xds_pushes", " by (type) "), { legend: "{{type}}" })],
        }),
        lines({
          title: "Time until proxies have a change",
          description: "99 of 100 changes reached the proxies within this time.",
          unit: "s",
          width: 12,
          targets: [
            promql(
              "istio convergence",
              `histogram_quantile(0.99, ${rate("pilot_proxy_convergence_time_bucket", " by (le) ")})`,
              { legend: "p99" },
            ),
          ],
        }),
      ],
    },
    {
      title: "Linkerd",
      panels: [
        stat({
          title: "Linkerd proxy certificates",
          description: "Time until the first of the proxies' certificates expires; they are renewed long before.",
          unit: "s",
          width: 6,
          height: 8,
          steps: [
            [null, "red"],
            [3_600, "green"],
          ],
          targets: [
            promql("linkerd certificates", "min(identity_cert_expiration_timestamp_seconds) - time()", {
              legend: "next",
              isInstant: true,
            }),
          ],
        }),
        lines({
          title: "Calls to the control plane",
          description: "Calls per second of Linkerd's control plane, by component and class.",
          unit: "reqps",
          width: 18,
          targets: [
            promql(
              "linkerd control plane",
              `sum by (deployment, classification) (rate(response_total{namespace="linkerd",direction="inbound"}[${lineWindow}]))`,
              { legend: "{{deployment}} {{classification}}" },
            ),
          ],
        }),
      ],
    },
  ],
});
