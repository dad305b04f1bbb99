/** Tables of keys for docs/reference: one row per key of a schema, with value, default and meaning. Called by the pages written from schemas. */

/** The part of a JSON schema the tables show. */
export interface KeyShape {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly unit?: string;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, KeyShape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: KeyShape | boolean;
  readonly items?: KeyShape;
  readonly anyOf?: readonly KeyShape[];
  readonly oneOf?: readonly KeyShape[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** The table of all keys below `path`. */
export function keyTable(path: string, shape: KeyShape): string {
  return table(rows(path, shape, false));
}

interface Row {
  readonly key: string;
  readonly value: string;
  readonly fallback: string;
  readonly description: string;
}

function rows(path: string, shape: KeyShape, withSelf: boolean, required = true): readonly Row[] {
  const object = [shape, ...(shape.anyOf ?? [])].find((form) => form.properties !== undefined);
  const self: readonly Row[] = withSelf
    ? [
        {
          key: path,
          value: valueText(shape),
          fallback: defaultOf(shape, required),
          description: `${shape.description ?? ""}${shape.secret ? " *Secret.*" : ""}`,
        },
      ]
    : [];
  const below = Object.entries(object?.properties ?? {}).flatMap(([name, child]) =>
    rows(`${path}.${name}`, child, true, object?.required?.includes(name) ?? false),
  );
  const ofItems = shape.items?.properties ? rows(`${path}[]`, shape.items, false) : [];
  return [...self, ...below, ...ofItems];
}

function valueText(shape: KeyShape): string {
  const forms = shape.anyOf ?? shape.oneOf;
  if (forms) return forms.map(valueText).join(" or ");
  if (typeof shape.type === "object") return shape.type.map((type) => valueText({ type })).join(" or ");
  if (shape.const !== undefined) return `\`${String(shape.const)}\``;
  if (shape.enum) return shape.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (shape.type === "array")
    return shape.items?.properties ? "list of maps" : `list of ${valueText(shape.items ?? {})}`;
  if (shape.type === "object") return "map";
  const unit = shape.unit === "duration" ? "duration" : `${shape.type === "string" ? "text" : (shape.type ?? "any")}`;
  const suffix = shape.unit && shape.unit !== "duration" ? `, ${shape.unit}` : "";
  return `${unit}${suffix}${limitsOf(shape)}`;
}

function limitsOf(shape: KeyShape): string {
  const low = shape.minimum ?? shape.exclusiveMinimum;
  const high = shape.maximum ?? shape.exclusiveMaximum;
  if (low === undefined || high === undefined) return "";
  return `, ${shape.minimum === undefined ? "above " : ""}${low} to ${shape.maximum === undefined ? "below " : ""}${high}`;
}

function defaultOf(shape: KeyShape, required: boolean): string {
  const { default: value } = shape;
  if (value !== undefined && (typeof value !== "object" || Array.isArray(value))) return `\`${JSON.stringify(value)}\``;
  return required && value === undefined ? "required" : "";
}

function table(list: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(["key", "value", "default", "meaning"]),
    "|---|---|---|---|",
    ...list.map((row) => line([`\`${row.key}\``, row.value, row.fallback, row.description])),
  ].join("\n");
}
