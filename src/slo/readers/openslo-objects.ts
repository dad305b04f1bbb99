/** OpenSLO documents → objects that can be found by kind and name, whatever file they stand in. Called by readOpenSlo. */
import { nearestName, quoteKey } from "../../config/config-problem.js";
import type { Finding } from "../finding.js";
import { findingAt, type ObjectiveDocument, reportInto } from "./objective-document.js";
import { type Metadata, opensloKinds } from "./openslo-schema.js";
import { readShape, type Shape } from "./read-shape.js";
import type { Report } from "./report.js";

/** A kind of v1. */
export type OpenSloKind = keyof typeof opensloKinds;

type SpecOf<K extends OpenSloKind> =
  (typeof opensloKinds)[K] extends Shape<infer T extends { spec: unknown }> ? T["spec"] : never;

/** An object with its place. */
export interface OpenSloObject<Spec> {
  readonly document: ObjectiveDocument;
  readonly metadata: Metadata;
  readonly spec: Spec;
  /** Paths are taken from the top of the object. */
  readonly report: Report;
}

/** All objects of all files. */
export interface OpenSloObjects {
  all<K extends OpenSloKind>(kind: K): readonly OpenSloObject<SpecOf<K>>[];
  /**
   * The object a reference names; null when there is none, after reporting it: an error where others of that kind are defined, for then
   * the name is wrong; a warning where none is, for then they are defined in files that were not given.
   */
  find<K extends OpenSloKind>(
    kind: K,
    name: string,
    report: Report,
    path: readonly PropertyKey[],
  ): OpenSloObject<SpecOf<K>> | null;
}

/** RFC 1123 label. */
const strictName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads the documents of v1; the first of two with one kind and name counts. Appends to `findings`. */
export function openSloObjects(documents: readonly ObjectiveDocument[], findings: Finding[]): OpenSloObjects {
  const byKind = new Map<string, Map<string, OpenSloObject<unknown>>>();
  for (const document of documents) {
    const kind = kindOf(document);
    if (kind === null) {
      findings.push(
        findingAt(document, "error", "SLO_SHAPE", ["kind"], `must be one of ${Object.keys(opensloKinds).join(", ")}`),
      );
      continue;
    }
    const shape: Shape<{ readonly metadata: Metadata; readonly spec?: unknown }> = opensloKinds[kind];
    const read = readShape(document, shape, findings);
    if (read === null) continue;
    const { name } = read.metadata;
    if (!strictName.test(name)) {
      const words = `${quoteKey(name)} is no name as OpenSLO wants it: lower-case letters, digits and - within, at most 63`;
      findings.push(findingAt(document, "warning", "SLO_NAME", ["metadata", "name"], words));
    }
    const named = byKind.get(kind) ?? new Map<string, OpenSloObject<unknown>>();
    byKind.set(kind, named);
    const known = named.get(name);
    if (known !== undefined) {
      const words = `another ${kind} ${quoteKey(name)} stands in ${known.document.file}:${known.document.placeOf([]).line}: rename one`;
      findings.push(findingAt(document, "error", "SLO_DUPLICATE", ["metadata", "name"], words));
      continue;
    }
    named.set(name, { document, metadata: read.metadata, spec: read.spec, report: reportInto(findings, document) });
  }
  const of = <K extends OpenSloKind>(kind: K) =>
    (byKind.get(kind) ?? new Map()) as ReadonlyMap<string, OpenSloObject<SpecOf<K>>>;
  return {
    all: (kind) => [...of(kind).values()],
    find(kind, name, report, path) {
      const found = of(kind).get(name);
      if (found !== undefined) return found;
      const names = [...of(kind).keys()];
      const near = nearestName(name, names);
      if (names.length === 0) {
        report(
          "warning",
          "SLO_REFERENCE",
          path,
          `no ${kind} ${quoteKey(name)} is in the files given: give the file that defines it too`,
        );
      } else {
        const remedy = near === null ? `there are ${names.slice(0, 10).join(", ")}` : `did you mean ${near}?`;
        report("error", "SLO_REFERENCE", path, `no ${kind} is called ${quoteKey(name)}: ${remedy}`);
      }
      return null;
    },
  };
}

function kindOf({ value }: ObjectiveDocument): OpenSloKind | null {
  // The operator's name for it.
  const kind = value.kind === "Datasource" ? "DataSource" : value.kind;
  return typeof kind === "string" && Object.hasOwn(opensloKinds, kind) ? (kind as OpenSloKind) : null;
}
