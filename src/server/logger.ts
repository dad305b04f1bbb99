/** The log of ourselves: JSON lines by pino with secrets struck out twice, by key and by value. */
import { type DestinationStream, type Logger, pino } from "pino";

const struck = "[secret]";

/** Keys whose values are never written, wherever one level deep they stand. */
const secretKeys = ["authorization", "cookie", "set-cookie", "x-api-key", "proxy-authorization"];
const secretFields = ["password", "token", "bearerToken", "apiKey", "secret", "basicAuth"];
const paths = [
  ...secretKeys.flatMap((name) => [`["${name}"]`, `headers["${name}"]`, `*.headers["${name}"]`, `*["${name}"]`]),
  ...secretFields.flatMap((name) => [name, `*.${name}`]),
];

/**
 * A logger to `destination` (default: standard output).
 * @param secrets every secret value of the configuration; struck out of each line, also inside messages of libraries
 */
export function createLogger(
  options: { readonly level: string; readonly secrets: readonly string[] },
  destination?: DestinationStream,
): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths, censor: struck },
    hooks: { streamWrite: strikeOut(options.secrets) },
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}

/** Replaces every secret in a line, in its plain and its JSON-escaped spelling. */
export function strikeOut(secrets: readonly string[]): (line: string) => string {
  const spellings = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const longestFirst = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  return (line) => longestFirst.reduce((text, secret) => text.replaceAll(secret, struck), line);
}
