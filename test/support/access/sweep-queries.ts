/** Questions made from the schema: one for each field that has fields of its own, with all the leaves under it. Used by access-sweep.test.ts. */
import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from "graphql";

/** One question. */
export interface SweepQuery {
  /** `Type.field` of the last step. */
  readonly coordinate: string;
  /** Leaves it reads, as coordinates. */
  readonly leaves: readonly string[];
  readonly text: string;
}

type Fielded = GraphQLObjectType | GraphQLInterfaceType;
interface Step {
  readonly field: GraphQLField<unknown, unknown>;
  /** Set where the step before gives an interface. */
  readonly on: string | null;
}

/** Arguments by `Type.field`, as GraphQL text. */
export type SweepArguments = Readonly<Record<string, string>>;

/** All of them for one root; the shortest way to each type, and further ways by a walk. */
export function sweepQueries(
  schema: GraphQLSchema,
  operation: "query" | "mutation",
  args: SweepArguments,
): readonly SweepQuery[] {
  const root = operation === "query" ? schema.getQueryType() : schema.getMutationType();
  if (!root) return [];
  const ways = new Map<string, readonly Step[]>([[root.name, []]]);
  const found: SweepQuery[] = [];
  const queue: Fielded[] = [root];
  for (let type = queue.shift(); type !== undefined; type = queue.shift()) {
    const way = ways.get(type.name) ?? [];
    for (const field of Object.values(type.getFields())) {
      const inner = getNamedType(field.type);
      if (isLeafType(inner)) continue;
      const steps = [...way, { field, on: null }];
      for (const given of concreteTypes(schema, inner)) {
        const on = isInterfaceType(inner) ? given.name : null;
        found.push(queryOf(operation, root, steps, given, on, args));
        if (ways.has(given.name)) continue;
        ways.set(given.name, on === null ? steps : [...steps, { field: dummy, on }]);
        queue.push(given);
      }
    }
  }
  return found;
}

const dummy = { name: "", args: [] } as unknown as GraphQLField<unknown, unknown>;

function concreteTypes(schema: GraphQLSchema, type: unknown): readonly GraphQLObjectType[] {
  if (isObjectType(type)) return [type];
  return isInterfaceType(type) ? schema.getPossibleTypes(type) : [];
}

/** A question along the steps, with the leaves of where they end and of what hangs there without arguments. */
export function queryOf(
  operation: string,
  root: GraphQLObjectType,
  steps: readonly Step[],
  end: GraphQLObjectType,
  endOn: string | null,
  args: SweepArguments,
): SweepQuery {
  const leaves: string[] = [];
  let text = selectionOf(end, leaves, 1, args);
  if (endOn !== null) text = `{ __typename ... on ${endOn} ${text} }`;
  let owner: Fielded = root;
  const placed = steps.map((step) => {
    const coordinate = `${owner.name}.${step.field.name}`;
    const next = step.field === dummy ? null : getNamedType(step.field.type);
    if (next !== null && (isObjectType(next) || isInterfaceType(next))) owner = next;
    return { ...step, coordinate };
  });
  // An interface's steps are followed by the type it is narrowed to.
  for (const { field, on, coordinate } of placed.toReversed()) {
    if (field === dummy) text = `{ __typename ... on ${on} ${text} }`;
    else text = `{ ${field.name}${args[coordinate] ?? ""} ${text} }`;
  }
  const coordinate = placed.findLast(({ field }) => field !== dummy)?.coordinate ?? "";
  return { coordinate, leaves, text: `${operation} ${text}` };
}

function selectionOf(type: GraphQLObjectType, leaves: string[], depth: number, args: SweepArguments): string {
  const parts = ["__typename"];
  for (const field of Object.values(type.getFields())) {
    const coordinate = `${type.name}.${field.name}`;
    const given = args[coordinate] ?? "";
    if (given === "" && field.args.some(isRequiredArgument)) continue;
    const inner = getNamedType(field.type);
    if (isLeafType(inner)) {
      leaves.push(coordinate);
      parts.push(field.name + given);
    } else if (depth > 0 && isObjectType(inner))
      parts.push(`${field.name}${given} ${selectionOf(inner, leaves, depth - 1, args)}`);
  }
  return `{ ${parts.join(" ")} }`;
}

/** Every leaf of the schema that a question could read. */
export function allLeaves(schema: GraphQLSchema): readonly string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith("__")) return [];
    const fields = Object.values(type.getFields());
    return fields.flatMap((field) => (isLeafType(getNamedType(field.type)) ? [`${type.name}.${field.name}`] : []));
  });
}
