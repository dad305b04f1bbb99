import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createLogger, strikeOut } from "../../src/server/logger.js";

function lines(secrets: readonly string[], log: (logger: ReturnType<typeof createLogger>) => void): string {
  const written: string[] = [];
  log(createLogger({ level: "trace", secrets }, { write: (line) => void written.push(line) }));
  return written.join("");
}

describe("logger", () => {
  test("headers that carry credentials are struck out by name, also unknown ones", () => {
    const text = lines([], (logger) => {
      logger.info({ headers: { authorization: "Bearer abc123", cookie: "sid=abc123", "x-api-key": "abc123" } }, "in");
      logger.info({ req: { headers: { authorization: "Bearer abc123", "set-cookie": "abc123" } } }, "in");
      logger.info({ password: "abc123", source: { bearerToken: "abc123", token: "abc123" } }, "config");
    });
    expect(text).not.toContain("abc123");
    expect(text).toContain("[secret]");
  });

  test("a configured secret is struck out wherever it turns up: message, error, stack, nested value, escaped", () => {
    const secret = 'p"ss\\w0rd-äöü';
    const text = lines([secret], (logger) => {
      logger.error({ err: new Error(`401 for ${secret}`), deep: { a: [{ b: secret }] } }, `tried ${secret}`);
      logger.child({ note: secret }).warn("child");
    });
    expect(text).not.toContain("w0rd");
    expect(text.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(4);
    for (const line of text.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  });

  test("no secret survives in any line", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 4 }), { minLength: 1 }), fc.string(), (secrets, around) => {
        const strike = strikeOut(secrets);
        const line = JSON.stringify({ msg: secrets.map((secret) => around + secret).join("") });
        const struck = strike(line);
        return secrets.every(
          (secret) =>
            secret.includes("[secret]") ||
            "[secret]".includes(secret) ||
            !struck.replaceAll("[secret]", "\0").includes(JSON.stringify(secret).slice(1, -1)),
        );
      }),
    );
  });
});
