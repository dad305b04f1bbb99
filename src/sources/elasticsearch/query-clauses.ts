/** The few kinds of Elasticsearch clauses Meshlens uses. User text enters them as a value only, never as a key or as syntax. */
import type { estypes } from "@elastic/elasticsearch";
import type { MappedField } from "./document-shape.js";

/** A query object of Elasticsearch's query language. */
export type Query = estypes.QueryDslQueryContainer;

/** Matches no document. */
export const nothing: Query = { match_none: {} };

/** All hold. */
export function allOf(queries: readonly Query[]): Query {
  const [only] = queries;
  return queries.length === 1 && only !== undefined ? only : { bool: { filter: [...queries] } };
}

/** At least one holds; none given matches nothing. */
export function anyOf(queries: readonly Query[]): Query {
  const [only] = queries;
  if (only === undefined) return nothing;
  return queries.length === 1 ? only : { bool: { should: [...queries], minimum_should_match: 1 } };
}

/** The first holds and none of the others. */
export function butNot(query: Query, excluded: readonly Query[]): Query {
  return excluded.length === 0 ? query : { bool: { filter: [query], must_not: [...excluded] } };
}

/** The field has any value. */
export function exists(path: string): Query {
  return { exists: { field: path } };
}

/**
 * The field's whole value is one of `values`, in every way the field is mapped. Exact, but for a field that is analysed text only:
 * there the value may also stand inside a longer one.
 */
export function valueIn(field: MappedField, values: readonly string[]): Query {
  const clauses: Query[] = [];
  if (field.whole !== null) clauses.push({ terms: { [field.whole]: [...values] } });
  if (field.isKeyword) {
    const plain: Query = { terms: { [field.path]: [...values] } };
    // Where other indices analyse this field, a term of theirs is a word and not the value.
    clauses.push(field.whole === null ? plain : butNot(plain, [exists(field.whole)]));
  } else if (field.whole === null) {
    clauses.push(...values.map((value): Query => ({ match_phrase: { [field.path]: value } })));
  }
  return anyOf(clauses);
}

/** Any of several fields has one of the values. */
export function anyValueIn(fields: readonly MappedField[], values: readonly string[]): Query {
  return anyOf(fields.map((field) => valueIn(field, values)));
}
