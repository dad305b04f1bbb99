/** What the documents behind an index pattern look like, learnt from `_field_caps`. Pure; the source keeps it for some minutes. */
import { accessMarks, type FieldCandidates, type FieldRole, shapeMarks } from "./field-candidates.js";

/** The part of a `_field_caps` answer that is read: per field the types it has in some index. */
export type FieldCaps = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One field and the ways it can be asked. A field may be mapped differently from index to index: then several are true. */
export interface MappedField {
  readonly path: string;
  /** Sub-field with the whole value (`.keyword`, `.raw`). */
  readonly whole: string | null;
  readonly isKeyword: boolean;
  readonly isText: boolean;
  readonly isNumber: boolean;
}

/** A field with the text of lines. */
export interface TextField {
  readonly path: string;
  /** False where some index keeps no word positions (`match_only_text`): the place of a word cannot be asked there. */
  readonly hasPositions: boolean;
}

/** What is known of the documents; fields absent from every index are left out. */
export interface DocumentShape {
  /** `fluentd`, `fluent-bit`, `ecs`, `otel`, `viaq`; [] for none of them. */
  readonly names: readonly string[];
  /** False when no index matches the pattern. */
  readonly hasIndex: boolean;
  readonly timestamp: string;
  /** True when some index keeps nanoseconds. */
  readonly isNanos: boolean;
  readonly exact: Readonly<Record<FieldRole, readonly MappedField[]>>;
  readonly level: readonly MappedField[];
  readonly severityNumber: readonly string[];
  readonly text: readonly TextField[];
  /** Prefixes under which the keys of access lines are fields. */
  readonly accessPrefixes: readonly string[];
}

const keywordTypes = ["keyword", "constant_keyword", "wildcard", "ip"];
const textTypes = ["text", "match_only_text", "annotated_text"];
const numberTypes = ["long", "integer", "short", "byte", "double", "float", "half_float", "unsigned_long"];

/** @param withoutPositions text fields that some index maps as `match_only_text` */
export function documentShape(
  candidates: FieldCandidates,
  caps: FieldCaps,
  indexCount: number,
  withoutPositions: ReadonlySet<string>,
): DocumentShape {
  const typesOf = (path: string) => Object.keys(caps[path] ?? {});
  const has = (path: string, types: readonly string[]) => typesOf(path).some((type) => types.includes(type));
  const mapped = (path: string): MappedField | null => {
    const whole = [`${path}.keyword`, `${path}.raw`].find((name) => has(name, keywordTypes)) ?? null;
    const field = {
      path,
      whole,
      isKeyword: has(path, keywordTypes),
      isText: has(path, textTypes),
      isNumber: has(path, numberTypes),
    };
    return field.isKeyword || field.isText || field.isNumber ? field : null;
  };
  const all = (paths: readonly string[]) => paths.map(mapped).filter((field) => field !== null);
  const role = (name: FieldRole) => all(candidates.exact[name]).filter((field) => field.isKeyword || field.isText);
  return {
    names: shapeNames((path) => typesOf(path).length > 0),
    hasIndex: indexCount > 0,
    timestamp: candidates.timestamp,
    isNanos: has(candidates.timestamp, ["date_nanos"]),
    exact: {
      namespace: role("namespace"),
      pod: role("pod"),
      container: role("container"),
      service: role("service"),
      traceId: role("traceId"),
      spanId: role("spanId"),
      requestId: role("requestId"),
    },
    level: all(candidates.level),
    severityNumber: candidates.severityNumber.filter((path) => has(path, numberTypes)),
    text: candidates.message
      .filter((path) => has(path, textTypes))
      .map((path) => ({ path, hasPositions: !withoutPositions.has(path) })),
    accessPrefixes: candidates.accessPrefixes.filter((prefix) =>
      accessMarks.slice(0, 2).every((key) => typesOf(prefix + key).length > 0),
    ),
  };
}

function shapeNames(has: (path: string) => boolean): readonly string[] {
  const names = new Set(shapeMarks.filter(([, mark]) => has(mark)).map(([name]) => name));
  const isRefined = names.has("fluent-bit") || names.has("viaq");
  if (isRefined && !has("docker.container_id")) names.delete("fluentd");
  return [...names];
}
