/**
 * What an operation selects, with fragments, @skip and @include resolved: one walk for checks and cost before execution and for
 * look-ahead in resolvers (compiled or not).
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import { once } from "../telemetry/once.js";

/** What the walk needs to know of the operation. */
export interface SelectionScope {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Coerced variables. */
  readonly variableValues: Readonly<Record<string, unknown>>;
}

/** One selected field of an object type; fields selected twice appear twice. Introspection fields are left out. */
export interface SelectedField {
  /** `Service.golden`. */
  readonly coordinate: string;
  readonly name: string;
  readonly responseName: string;
  readonly node: FieldNode;
  readonly argumentDefinitions: readonly GraphQLArgument[];
  readonly returnTypeName: string;
  /** Coerced arguments with defaults. @throws GraphQLError where a value does not fit, which validation has excluded */
  args(): Readonly<Record<string, unknown>>;
  fields(): readonly SelectedField[];
}

/** Fields selected on `type`. Fragments on other types are entered, because an object may be of them. */
export function selectedFields(
  scope: SelectionScope,
  type: GraphQLCompositeType,
  selectionSet: SelectionSetNode | undefined,
): readonly SelectedField[] {
  return (selectionSet?.selections ?? []).flatMap((selection): readonly SelectedField[] => {
    if (!isIncluded(scope, selection)) return [];
    if (selection.kind === Kind.FIELD) return fieldOf(scope, type, selection);
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = scope.fragments[selection.name.value];
      if (fragment === undefined) return [];
      return selectedFields(scope, typeNamed(scope, fragment.typeCondition.name.value) ?? type, fragment.selectionSet);
    }
    const condition = selection.typeCondition?.name.value;
    const inner = condition === undefined ? type : (typeNamed(scope, condition) ?? type);
    return selectedFields(scope, inner, selection.selectionSet);
  });
}

/** What is selected below the field a resolver answers. */
export function fieldsBelow(info: GraphQLResolveInfo): readonly SelectedField[] {
  const type = getNamedType(info.returnType);
  if (!isCompositeType(type)) return [];
  return info.fieldNodes.flatMap((node) => selectedFields(info, type, node.selectionSet));
}

/** A reading of the selection below a field, made once per operation: lists have thousands of the same field. */
export function oncePerField<T>(
  read: (info: GraphQLResolveInfo) => T,
): (context: object, info: GraphQLResolveInfo) => T {
  const known = new WeakMap<object, WeakMap<readonly FieldNode[], T>>();
  return (context, info) => {
    const own = known.get(context) ?? new WeakMap<readonly FieldNode[], T>();
    known.set(context, own);
    const before = own.get(info.fieldNodes);
    if (before !== undefined) return before;
    const value = read(info);
    own.set(info.fieldNodes, value);
    return value;
  };
}

/** Whether `value` is selected below a measure. */
export const selectsValue = oncePerField((info) => selects(fieldsBelow(info), "value"));

/** Whether a field of this name is among the given ones. */
export function selects(fields: readonly SelectedField[], name: string): boolean {
  return fields.some((field) => field.name === name);
}

/** What is selected below all fields of this name. */
export function below(fields: readonly SelectedField[], name: string): readonly SelectedField[] {
  return fields.flatMap((field) => (field.name === name ? field.fields() : []));
}

/** The same for fields that inherit their range: what has a range of its own is no part of a question over the inherited one. */
export function belowInheriting(fields: readonly SelectedField[], name: string): readonly SelectedField[] {
  const own = fields.filter((field) => field.name === name && (field.args()["range"] ?? null) === null);
  return own.flatMap((field) => field.fields());
}

function fieldOf(scope: SelectionScope, type: GraphQLCompositeType, node: FieldNode): readonly SelectedField[] {
  const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
  return definition === undefined ? [] : [makeField(scope, type.name, definition, node)];
}

const noArguments = {};

function makeField(
  scope: SelectionScope,
  typeName: string,
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): SelectedField {
  const returnType = getNamedType(definition.type);
  return {
    coordinate: `${typeName}.${definition.name}`,
    name: definition.name,
    responseName: node.alias?.value ?? node.name.value,
    node,
    argumentDefinitions: definition.args,
    returnTypeName: returnType.name,
    // Checks, cost and look-ahead all read them.
    args: once(() =>
      definition.args.length === 0 ? noArguments : getArgumentValues(definition, node, scope.variableValues),
    ),
    fields: once(() => (isCompositeType(returnType) ? selectedFields(scope, returnType, node.selectionSet) : [])),
  };
}

function typeNamed(scope: SelectionScope, name: string): GraphQLCompositeType | null {
  const type = scope.schema.getType(name);
  return isCompositeType(type) ? type : null;
}

function isIncluded(scope: SelectionScope, node: Parameters<typeof getDirectiveValues>[1]): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, node, scope.variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, scope.variableValues);
  return skip?.["if"] !== true && include?.["if"] !== false;
}
