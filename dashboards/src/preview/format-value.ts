/** Figures with units and colours of thresholds, for the preview: near enough to Grafana's for a look. */

/** A figure in its unit; `–` for none. */
export function formatValue(value: unknown, unit: string): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value !== "number") return String(value);
  const short = Number(value.toPrecision(3));
  switch (unit) {
    case "percentunit":
      return `${Number((value * 100).toPrecision(3))} %`;
    case "reqps":
      return `${short} req/s`;
    case "cps":
      return `${short} c/s`;
    case "ops":
      return `${short} ops/s`;
    case "ms":
      return value >= 1000 ? `${Number((value / 1000).toPrecision(3))} s` : `${short} ms`;
    case "s":
      return value >= 86_400 ? `${Math.round(value / 86_400)} d` : value < 1 ? `${short * 1000} ms` : `${short} s`;
    case "bytes":
      return `${Number((value / 1_048_576).toPrecision(3))} MiB`;
    case "Bps":
      return `${Number((value / 1024).toPrecision(3))} KiB/s`;
    case "dateTimeFromNow":
    case "timestamp_epoch":
      return new Date(value).toISOString().slice(5, 19).replace("T", " ");
    default:
      return String(Math.abs(value) >= 10_000 ? Math.round(value) : short);
  }
}

/** The colour of the highest step a figure reaches. */
export function colorOf(value: unknown, steps: readonly { value: number | null; color: string }[]): string {
  if (typeof value !== "number") return "gray";
  return steps.filter((step) => step.value === null || value >= step.value).at(-1)?.color ?? "gray";
}

/** Text that may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
