/** YAML text → plain values, with the place of every key kept for messages. Used by parseConfig and by the readers of objective files. */
import {
  Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  parseDocument,
  visit,
} from "yaml";
import { type ConfigProblem, formatPath } from "./config-problem.js";
import { type Environment, interpolate } from "./interpolate.js";

/** A line and column, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A parsed file: its value, where each path stands and which values came from the environment. */
export interface YamlTree {
  /** Undefined when the text is no YAML. */
  readonly value: unknown;
  /** Faults of syntax, and variables that are not set. */
  readonly problems: readonly ConfigProblem[];
  /** Place of the deepest existing key of a path; `child` asks for a key of the map at that path. */
  placeOf(path: readonly PropertyKey[], child?: string): Place;
  /** Whether the value at a path was written with a variable, so that its type is still open; `unset` when that had no value. */
  variableAt(path: readonly PropertyKey[]): "set" | "unset" | null;
}

const maxDepth = 64;
const maxAliases = 100;
const maxSyntaxProblems = 20;
const malformedReference = `has a dollar and brace that begin no variable: write \${NAME} or \${NAME:-default}, or $\${ for the characters`;

/** Our words per code of the yaml package: its own messages quote the file, which may hold secrets. */
const sentences: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "a key is written twice in this map: remove one",
  MULTIPLE_DOCS: "holds several YAML documents (---): keep one",
  TAB_AS_INDENT: "is indented with a tab: YAML wants spaces",
  BAD_INDENT: "is indented in a way that fits no level above",
  MISSING_CHAR: "a quote, bracket, comma or colon is missing here or on a line above",
  BLOCK_AS_IMPLICIT_KEY: "a nested block begins on a line that has a key already: begin it on the next line",
  TAG_RESOLVE_FAILED: "has a tag (!...), which configuration files do not use: remove it",
  BAD_ALIAS: "an alias (*name) refers to no anchor (&name) above it; a text that begins with * needs quotes",
};

/** Parses text and fills in variables. Never throws for any text; a file that cannot be read has problems and value undefined. */
export function readYamlTree(text: string, environment: Environment): YamlTree {
  const lines = new LineCounter();
  return orTooDeep(() => {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    return treeOf(document, lines, () => environment);
  });
}

/**
 * Parses a text of one or several documents (`---`); empty ones are left out, and a text of nothing is one of `{}`. Variables are filled
 * in where `environmentOf` a document's value, as written, gives an environment. Never throws for any text.
 */
export function readYamlTrees(
  text: string,
  environmentOf: (value: unknown) => Environment | null,
): readonly YamlTree[] {
  const lines = new LineCounter();
  const trees: YamlTree[] = [];
  const whole = orTooDeep(() => {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    const isEmpty = (contents: Node | null) => contents === null || (isScalar(contents) && contents.value === null);
    const filled = documents.filter(({ contents, errors }) => !isEmpty(contents) || errors.length > 0);
    for (const document of filled) trees.push(orTooDeep(() => treeOf(document, lines, environmentOf)));
    return emptyTree;
  });
  return trees.length > 0 ? trees : [whole];
}

const emptyTree: YamlTree = {
  value: {},
  problems: [],
  placeOf: () => ({ line: 1, column: 1 }),
  variableAt: () => null,
};

/** The yaml package throws for documents that are nested or repeated beyond its limits and ours. */
function orTooDeep(read: () => YamlTree): YamlTree {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof ReferenceError && /alias/i.test(error.message)))
      throw error;
    const message = `is nested too deeply (limit ${maxDepth}) or repeats aliases too often (limit ${maxAliases})`;
    return { ...emptyTree, value: undefined, problems: [{ line: null, column: null, path: "", message }] };
  }
}

function treeOf(
  document: Document.Parsed,
  lines: LineCounter,
  environmentOf: (value: unknown) => Environment | null,
): YamlTree {
  const problems: ConfigProblem[] = [];
  const variables = new Map<Node, "set" | "unset">();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const report: Report = (offset, message, path = "") => {
    const place = placeAt(offset);
    const isKnown = problems.some(({ line, column }) => line === place.line && column === place.column);
    if (problems.length < maxSyntaxProblems && (path !== "" || !isKnown)) problems.push({ ...place, path, message });
  };

  let value: unknown;
  for (const finding of [...document.errors, ...document.warnings]) {
    report(finding.pos[0], sentences[finding.code] ?? "is not valid YAML: check quotes, brackets and indentation");
  }
  if (problems.length === 0) checkShape(document, report);
  if (problems.length === 0) {
    value = document.toJS({ maxAliasCount: maxAliases }) ?? {};
    const environment = environmentOf(value);
    if (environment !== null) {
      fillIn(document, environment, variables, report);
      value = document.toJS({ maxAliasCount: maxAliases }) ?? {};
    }
  }

  const nodeAt = (path: readonly PropertyKey[]) => walk(document, path);
  return {
    value,
    problems,
    placeOf(path, child) {
      const { node, keyOffset } = nodeAt(child === undefined ? path : [...path, child]);
      return placeAt(keyOffset ?? node?.range?.[0] ?? document.contents?.range?.[0] ?? 0);
    },
    variableAt(path) {
      const { node, isWhole } = nodeAt(path);
      return (isWhole && node !== null && variables.get(node)) || null;
    },
  };
}

type Report = (offset: number, message: string, path?: string) => void;

function checkShape(document: Document.Parsed, report: Report): void {
  visit(document, {
    Alias(_, alias, path) {
      const target = alias.resolve(document);
      if (target !== undefined && path.includes(target)) {
        report(alias.range?.[0] ?? 0, "an alias (*name) stands within what it refers to: it would never end");
      }
    },
    Pair(_, pair, path) {
      if (path.length > maxDepth * 2) throw new RangeError("too deep");
      const name = pair.key;
      const offset = isScalar(name) || name instanceof Alias || isMap(name) || isSeq(name) ? (name.range?.[0] ?? 0) : 0;
      if (!isScalar(name) || typeof name.value === "object") report(offset, "a key must be plain text");
      else if (String(name.value) === "__proto__") report(offset, '"__proto__" is not a key');
    },
  });
}

function fillIn(
  document: Document.Parsed,
  environment: Environment,
  variables: Map<Node, "set" | "unset">,
  report: Report,
): void {
  visit(document, {
    Scalar(role, node, ancestors) {
      if (role === "key" || typeof node.value !== "string") return;
      const result = interpolate(node.value, environment);
      if ("text" in result) {
        if (!result.isChanged) return;
        node.value = result.text;
        variables.set(node as Node, "set");
        return;
      }
      variables.set(node as Node, "unset");
      const offset = node.range?.[0] ?? 0;
      const path = formatPath(pathOf(ancestors, node));
      for (const name of result.unset) {
        report(offset, `environment variable ${name} is not set: set it, or write \${${name}:-default}`, path);
      }
      if (result.isMalformed) report(offset, malformedReference, path);
    },
  });
}

/** The key path of a value from the nodes above it. */
function pathOf(ancestors: readonly unknown[], node: unknown): readonly PropertyKey[] {
  const chain = [...ancestors, node];
  return chain.flatMap((above, index): readonly PropertyKey[] => {
    if (isPair(above)) return [isScalar(above.key) ? String(above.key.value) : "?"];
    return isSeq(above) ? [above.items.indexOf(chain[index + 1])] : [];
  });
}

interface Found {
  readonly node: Node | null;
  readonly keyOffset: number | null;
  readonly isWhole: boolean;
}

function walk(document: Document.Parsed, path: readonly PropertyKey[]): Found {
  let node: Node | null = document.contents;
  let keyOffset: number | null = null;
  for (const step of path) {
    const target: Node | null | undefined = isAlias(node) ? node.resolve(document) : node;
    if (isMap(target)) {
      const pair = target.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return { node, keyOffset, isWhole: false };
      keyOffset = isScalar(pair.key) ? (pair.key.range?.[0] ?? null) : null;
      node = (pair.value ?? null) as Node | null;
    } else if (isSeq(target)) {
      const item = target.items[Number(step)];
      if (item === undefined) return { node, keyOffset, isWhole: false };
      node = item as Node;
      keyOffset = node.range?.[0] ?? null;
    } else {
      return { node, keyOffset, isWhole: false };
    }
  }
  const target = isAlias(node) ? (node.resolve(document) ?? null) : node;
  return { node: target, keyOffset, isWhole: true };
}
