/** How sure a diagnosis is of a suspect, and what of it is meant. */

/** LIKELY: beyond chance. POSSIBLE: the best explanation, but chance or another service may be it too. */
export type SuspectGrade = "LIKELY" | "POSSIBLE";

/** A part of a service, or what stands behind it. `name` is as its source spells it. */
export interface SuspectPart {
  /**
   * VERSION and POD: its siblings are well. EDGE: only calls from the caller named suffer. EXTERNAL: a dependency without spans, so the
   * service or it. RULE: a rule of the mesh does it.
   */
  readonly kind: "VERSION" | "POD" | "EDGE" | "EXTERNAL" | "RULE";
  readonly name: string;
}
