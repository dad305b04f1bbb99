/** Text of an objective file → its documents, each with its format. Called by readObjectiveTexts; the readers see nothing else of a file. */

import { formatPath } from "../../config/config-problem.js";
import type { Environment } from "../../config/interpolate.js";
import type { Place } from "../../config/yaml-tree.js";
import { readYamlTrees, type YamlTree } from "../../config/yaml-tree.js";
import type { Finding, FindingCode } from "../finding.js";
import type { Report } from "./report.js";

/** A format that is read. */
export type ObjectiveFormat = "meshlens" | "sloth" | "sloth-kubernetes" | "pyrra" | "openslo" | "openslo-alpha";

/** A map whose head says what it is. */
export interface DocumentValue {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly version?: unknown;
  readonly items?: unknown;
}

/** One document of a file, or one item of a list in it. */
export interface ObjectiveDocument {
  readonly file: string;
  readonly format: ObjectiveFormat;
  readonly value: DocumentValue;
  /** Where a path within the document stands. */
  placeOf(path: readonly PropertyKey[], child?: string): Place;
  /** The path from the top of the file, for messages. */
  pathOf(path: readonly PropertyKey[]): string;
}

/** A file's documents, and what is wrong with those that are none. */
export interface ReadDocuments {
  readonly documents: readonly ObjectiveDocument[];
  readonly findings: readonly Finding[];
}

/** One slip makes the rest of a file look wrong too. */
const mostSyntaxFindings = 3;
const mostDocuments = 10_000;

/** Reads a text; variables are filled in for the short form only, because the others have dollar signs of their own. Never throws. */
export function readDocuments(text: string, file: string, environment: Environment): ReadDocuments {
  const findings: Finding[] = [];
  const documents: ObjectiveDocument[] = [];
  const trees = readYamlTrees(text, (value) => (formatOf(value) === "meshlens" ? environment : null));
  for (const tree of trees) {
    for (const problem of tree.problems.slice(0, mostSyntaxFindings)) {
      findings.push({ level: "error", code: "SLO_YAML", file, ...problem });
    }
    if (tree.problems.length > 0 || tree.value === undefined) continue;
    for (const { path, value } of itemsOf(tree.value, [])) {
      const format = formatOf(value);
      if (format === null || !isMap(value)) findings.push(strangeForm(tree, path, value, file));
      else documents.push(documentAt(tree, path, value, format, file));
      if (documents.length > mostDocuments) break;
    }
  }
  return { documents, findings };
}

/** How a reader says what is wrong with a document: paths are taken from its top. */
export function reportInto(findings: Finding[], document: ObjectiveDocument): Report {
  return (level, code, path, message) => {
    findings.push(findingAt(document, level, code, path, message));
  };
}

/** A finding at a path of a document, or at a key below it that is not known. */
export function findingAt(
  document: ObjectiveDocument,
  level: Finding["level"],
  code: FindingCode,
  path: readonly PropertyKey[],
  message: string,
  child?: string,
): Finding {
  const place = child === undefined ? document.placeOf(path) : document.placeOf(path, child);
  return { level, code, file: document.file, ...place, path: document.pathOf(path), message };
}

function documentAt(
  tree: YamlTree,
  prefix: readonly PropertyKey[],
  value: DocumentValue,
  format: ObjectiveFormat,
  file: string,
): ObjectiveDocument {
  return {
    file,
    format,
    value,
    placeOf: (path, child) => tree.placeOf([...prefix, ...path], child),
    pathOf: (path) => formatPath([...prefix, ...path]),
  };
}

interface Item {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
}

/** A list of documents, or a Kubernetes `List` of them, is its items; lists do not nest. */
function itemsOf(value: unknown, path: readonly PropertyKey[]): readonly Item[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => ({ path: [...path, index], value: item }));
  if (isMap(value) && /List$/.test(String(value.kind)) && Array.isArray(value.items)) {
    return value.items.map((item: unknown, index) => ({ path: [...path, "items", index], value: item }));
  }
  return [{ path, value }];
}

function isMap(value: unknown): value is DocumentValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function formatOf(value: unknown): ObjectiveFormat | null {
  if (!isMap(value)) return null;
  switch (value.apiVersion) {
    case "meshlens/v1":
      return "meshlens";
    case "openslo/v1":
    // The group of its kinds in Kubernetes.
    case "openslo.com/v1":
      return "openslo";
    case "openslo/v1alpha":
      return "openslo-alpha";
    case "sloth.slok.dev/v1":
      return value.kind === "PrometheusServiceLevel" ? "sloth-kubernetes" : null;
    case "pyrra.dev/v1alpha1":
      return value.kind === "ServiceLevelObjective" ? "pyrra" : null;
    case undefined:
      return value.version === "prometheus/v1" ? "sloth" : null;
    default:
      return null;
  }
}

const forms =
  "apiVersion: meshlens/v1 (the short form), openslo/v1, sloth.slok.dev/v1 with kind: PrometheusServiceLevel, pyrra.dev/v1alpha1 with kind: ServiceLevelObjective, or version: prometheus/v1 (Sloth)";

function strangeForm(tree: YamlTree, path: readonly PropertyKey[], value: unknown, file: string): Finding {
  const at = (key: string | null, message: string): Finding => {
    const full = key === null ? path : [...path, key];
    return {
      level: "error",
      code: "SLO_FORM",
      file,
      ...tree.placeOf(full),
      path: formatPath(full),
      message,
    };
  };
  if (!isMap(value)) return at(null, `is no objective document: begin it with ${forms}`);
  const { apiVersion, version } = value;
  if (apiVersion === undefined && version === undefined) {
    return at(null, `the document has no apiVersion: begin it with ${forms}`);
  }
  const isKind = ["sloth.slok.dev/v1", "pyrra.dev/v1alpha1"].includes(String(apiVersion));
  if (isKind) return at("kind", `is not a kind that is read: write one of ${forms}`);
  return at(apiVersion === undefined ? "version" : "apiVersion", `is not a form that is read: write one of ${forms}`);
}
