/** Recording rules as Sloth writes them for an availability and a latency objective of each service: eight windows each. */

const windows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;

/** A service as its series name it. */
export interface RuledService {
  readonly name: string;
  readonly namespace: string;
}

/** The rule file; only the SLI recordings, which are what costs. */
export function slothRules(services: readonly RuledService[]): string {
  const lines = ["groups:"];
  for (const { name, namespace } of services) {
    const of = `reporter="source",destination_service_name="${name}",destination_service_namespace="${namespace}"`;
    const requests = (window: string, more = "") => `sum(rate(istio_requests_total{${of}${more}}[${window}]))`;
    const durations = (window: string, suffix: string, more = "") =>
      `sum(rate(istio_request_duration_milliseconds_${suffix}{${of}${more}}[${window}]))`;
    group(lines, `${name}-availability`, (window) => [requests(window, ',response_code=~"5.."'), requests(window)]);
    group(lines, `${name}-latency`, (window) => [
      `${durations(window, "count")} - ${durations(window, "bucket", ',le="500"')}`,
      durations(window, "count"),
    ]);
  }
  return `${lines.join("\n")}\n`;
}

function group(lines: string[], id: string, queries: (window: string) => readonly [string, string]): void {
  lines.push(`- name: sloth-slo-sli-recordings-${id}`, "  rules:");
  for (const window of windows) {
    const [error, total] = queries(window);
    record(lines, id, window, `(${error}) / (${total})`);
  }
  const short = `slo:sli_error:ratio_rate5m{sloth_id="${id}", sloth_window="5m"}[30d]`;
  record(lines, id, "30d", `sum_over_time(${short}) / ignoring (sloth_window) count_over_time(${short})`);
}

function record(lines: string[], id: string, window: string, query: string): void {
  lines.push(
    `  - record: slo:sli_error:ratio_rate${window}`,
    `    expr: ${JSON.stringify(query)}`,
    `    labels: {sloth_id: "${id}", sloth_window: "${window}"}`,
  );
}
