/** Texts through the reader of objective files, with findings as `slo lint` prints them. */
import { formatFinding } from "../../../src/slo/finding.js";
import { readObjectiveTexts } from "../../../src/slo/readers/read-objective-texts.js";

/** Reads files named `a.yaml`, `b.yaml`, ... together. */
export function readTexts(...texts: readonly string[]) {
  const files = texts.map((text, index) => ({ file: `${String.fromCharCode(97 + index)}.yaml`, text }));
  const { objectives, findings } = readObjectiveTexts(files, {});
  return {
    declared: objectives,
    objectives: objectives.map(({ objective }) => objective),
    findings: findings.map(formatFinding),
  };
}
