/** `${VAR}` and `${VAR:-default}` in values of the configuration. Runs on parsed values, so that no variable can add YAML. */

/** The environment as an argument; only loadConfig's callers pass the real one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Text with its variables filled in, or why that cannot be. `isChanged` is false when there was nothing to fill in. */
export type Interpolation =
  | { readonly text: string; readonly isChanged: boolean }
  | { readonly unset: readonly string[]; readonly isMalformed: boolean };

const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/**
 * Fills in variables. A default is used when the variable is unset or empty, as in a shell; `$${` stands for a literal `${`.
 * What a variable holds is taken as it is: references in it are not followed.
 */
export function interpolate(text: string, environment: Environment): Interpolation {
  const unset: string[] = [];
  let isMalformed = false;
  let isChanged = false;
  const filled = text.replace(reference, (whole, name: string | undefined, fallback: string | undefined) => {
    isChanged = true;
    if (whole === "$${") return "${";
    if (name === undefined) {
      isMalformed = true;
      return "";
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (fallback !== undefined) return value === undefined || value === "" ? fallback : value;
    if (value === undefined) unset.push(name);
    return value ?? "";
  });
  return unset.length > 0 || isMalformed ? { unset, isMalformed } : { text: filled, isChanged };
}
