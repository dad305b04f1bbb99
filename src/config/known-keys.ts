/** Which keys a schema knows at a path, for "did you mean". Used by parseConfig and by the readers of objective files. */
import { z } from "zod";

interface SchemaShape {
  readonly properties?: Readonly<Record<string, SchemaShape>>;
  readonly items?: SchemaShape;
  readonly anyOf?: readonly SchemaShape[];
  readonly oneOf?: readonly SchemaShape[];
  /** Of maps that may have any other key too. */
  readonly additionalProperties?: unknown;
}

/**
 * A function from a path to the keys a map there may have, of all its forms; none where any key may stand. The schema is looked at on
 * the first call.
 */
export function keysOf(schema: z.ZodType): (path: readonly PropertyKey[]) => readonly string[] {
  let shape: SchemaShape | null = null;
  return (path) => {
    shape ??= z.toJSONSchema(schema, { io: "input" }) as SchemaShape;
    let forms: readonly SchemaShape[] = [shape];
    for (const step of path) {
      forms = forms.flatMap(alternatives).flatMap((form) => {
        const next = typeof step === "number" ? form.items : form.properties?.[String(step)];
        return next === undefined ? [] : [next];
      });
    }
    const closed = forms
      .flatMap(alternatives)
      .filter(({ additionalProperties }) => typeof additionalProperties !== "object");
    return [...new Set(closed.flatMap((form) => Object.keys(form.properties ?? {})))];
  };
}

function alternatives(form: SchemaShape): readonly SchemaShape[] {
  return [form, ...(form.anyOf ?? []), ...(form.oneOf ?? [])];
}
