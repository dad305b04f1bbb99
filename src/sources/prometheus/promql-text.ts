/** The only places where text becomes a piece of PromQL: string literals, names, regular expressions, durations. Called by the builders. */

const legacyMetricName = /^[A-Za-z_:][A-Za-z0-9_:]*$/;
const legacyLabelName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a metric name can stand bare in a query of every version. */
export function isBareMetricName(name: string): boolean {
  return legacyMetricName.test(name);
}

/**
 * A double-quoted PromQL string holding exactly `text`. Control characters, U+FFFD (which the lexer refuses as broken UTF-8) and lone
 * surrogates (as U+FFFD, there is no other way to send them) are escaped.
 */
export function quoted(text: string): string {
  const escaped = text.replace(/["\\\p{Cc}\p{Cs}\ufffd]/gu, (char) => {
    if (char === '"' || char === "\\") return `\\${char}`;
    if (char === "\n") return "\\n";
    const code = /\p{Cs}/u.test(char) ? 0xfffd : char.charCodeAt(0);
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

/** A label name; names beyond the classic alphabet are quoted, which Prometheus 3 reads and 2 refuses. */
export function labelName(name: string): string {
  return legacyLabelName.test(name) ? name : quoted(name);
}

/** An RE2 expression that matches exactly `text`. */
export function literalPattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** A duration in ms; below 1 ms there is none in PromQL. */
export function duration(ms: number): string {
  return `${Math.max(1, Math.round(ms))}ms`;
}

/** ` offset 5ms` or ` offset -5ms`; nothing for 0, which Prometheus 2 refuses. */
export function offset(ms: number): string {
  return ms === 0 ? "" : ` offset ${ms < 0 ? "-" : ""}${duration(Math.abs(ms))}`;
}

/** A list of label names for `by` and `on`. */
export function labelList(names: readonly string[]): string {
  return `(${names.map(labelName).join(", ")})`;
}
