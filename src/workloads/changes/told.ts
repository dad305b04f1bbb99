/** What the tellers of this folder give: one sentence per thing that differs. */
import type { KubeObject } from "../kube-object.js";

/**
 * Tells two versions of one object apart, in short sentences without the object's name. Before is null for a new object, whose whole
 * content is told; an object that is gone is told as a new one. No sentences: nothing differs that a person would tell.
 */
export type TellChange = (before: KubeObject | null, after: KubeObject) => readonly string[];

/** `timeout 3 s (was 10 s)`; null when nothing was changed. Texts are compared; null is absent. */
export function changed(label: string, before: string | null, after: string | null, scope = ""): string | null {
  if (before === after) return null;
  if (after === null) return `${label} removed${scope} (was ${before})`;
  return `${label} ${after}${scope}${before === null ? "" : ` (was ${before})`}`;
}

/** `hosts: a, b added; c removed`; null when both hold the same. */
export function listChanged(label: string, before: readonly string[], after: readonly string[]): string | null {
  const added = after.filter((item) => !before.includes(item));
  const removed = before.filter((item) => !after.includes(item));
  const parts = [
    ...(added.length > 0 ? [`${added.join(", ")} added`] : []),
    ...(removed.length > 0 ? [`${removed.join(", ")} removed`] : []),
  ];
  return parts.length === 0 ? null : `${label}: ${parts.join(", ")}`;
}

/** The sentences among results. */
export function told(...sentences: readonly (string | null)[]): readonly string[] {
  return sentences.filter((sentence) => sentence !== null);
}

/** Whether two values of JSON are equal, whatever the order of their keys. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return a === b || stableText(a) === stableText(b);
}

/** One text per value of JSON. */
export function stableText(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ""
  );
}
