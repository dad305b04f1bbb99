/** Stands in for Grafana's front end: variables and macros replaced as Grafana replaces them. Used by the preview and by tests. */

/** Values of a dashboard's variables; one that is left out is All. */
export interface GrafanaValues {
  readonly mesh?: "Istio" | "Linkerd";
  readonly cluster?: string;
  readonly namespace?: string;
  readonly service?: string;
  readonly caller?: string;
  readonly slo?: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether Prometheus has the recording rules. */
  readonly hasRules?: boolean;
  /** `$__rate_interval`, such as `1m`. */
  readonly rateInterval?: string;
}

const meshValues = { Istio: "(source|destination|waypoint)", Linkerd: "(outbound|inbound)" } as const;

/** A variable with All escapes its values for regular expressions inside a PromQL string; All itself is not escaped. */
function forPrometheus(value: string | undefined): string {
  return value?.replace(/\\/g, "\\\\\\\\").replace(/[$^*{}[\]'+?.()|]/g, "\\\\$&") ?? ".*";
}

/** PromQL as it is sent to Prometheus. */
export function interpolatePromql(expr: string, values: GrafanaValues): string {
  const seconds = Math.round((values.toMs - values.fromMs) / 1000);
  return expr
    .replaceAll("$__rate_interval", values.rateInterval ?? "1m")
    .replaceAll("$__range", `${seconds}s`)
    .replace(/\$raw\b/g, values.hasRules === true ? "" : ".*")
    .replace(/\$(mesh)\b/g, values.mesh === undefined ? ".*" : meshValues[values.mesh])
    .replace(/\$(cluster|namespace|service|caller|slo)\b/g, (_, name: keyof GrafanaValues) =>
      forPrometheus(values[name] as string | undefined),
    );
}

/** A GraphQL document as it is sent by Infinity: times by its backend, variables by the front end. */
export function interpolateGraphql(query: string, values: GrafanaValues): string {
  return query
    .replaceAll("${__timeFrom}", String(values.fromMs))
    .replaceAll("${__timeTo}", String(values.toMs))
    .replaceAll("${mesh:text}", values.mesh ?? "All")
    .replace(/\$\{(\w+):percentencode\}/g, (_, name: keyof GrafanaValues) => {
      const value = values[name];
      return encodeURIComponent(value === undefined ? ".*" : String(value)).replace(/\*/g, "%2A");
    });
}
