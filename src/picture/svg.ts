/** SVG as text: every value is escaped, numbers have two decimals at most, so that the same chart is the same bytes. */
import { cleanLine } from "../telemetry/clean-text.js";

/** Attributes; null is left out. */
export type Attributes = Readonly<Record<string, string | number | null>>;

/** An element. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${escaped(typeof value === "number" ? px(value) : value)}"`],
  );
  return children.length === 0
    ? `<${name}${pairs.join("")}/>`
    : `<${name}${pairs.join("")}>${children.join("")}</${name}>`;
}

/** Text on one line. */
export function label(text: string, attributes: Attributes, mostChars = 90): string {
  return element("text", attributes, escaped(cleanLine(text, mostChars)));
}

/** A number as it stands in a path. */
export function px(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** A line through the points; a null is a gap, a point between two gaps a dot. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  const pieces = points.map((point, index) => {
    if (point === null) return "";
    const [x, y] = point;
    const isStart = index === 0 || points[index - 1] === null;
    const isAlone = isStart && (points[index + 1] ?? null) === null;
    return `${isStart ? "M" : "L"}${px(x)} ${px(y)}${isAlone ? "h0.01" : ""}`;
  });
  return pieces.join("");
}

function escaped(text: string): string {
  // XML 1.0 has no place for these two, in any spelling.
  const allowed = text.replace(/[\ufffe\uffff]/g, "\ufffd");
  return allowed.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
