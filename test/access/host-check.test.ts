import { describe, expect, test } from "@jest/globals";
import { createHostCheck } from "../../src/access/host-check.js";
import { configSchema } from "../../src/config/config-schema.js";

describe("host check", () => {
  const open = createHostCheck(configSchema.parse({ server: { publicUrl: "https://meshlens.example.com" } }));

  test.each(["127.0.0.1:4000", "localhost:4000", "[::1]:4000", "LOCALHOST", "meshlens.example.com"])(
    "an open loopback server answers to its own name %s",
    (host) => {
      expect(open(host)).toBe(true);
    },
  );

  test.each([
    undefined,
    "",
    "evil.example",
    "127.0.0.1.evil.example:4000",
    "localhost.evil.example",
    "a b",
    "x@127.0.0.2.evil",
  ])("an open loopback server does not answer a page that came under the name %s", (host) => {
    expect(open(host)).toBe(false);
  });

  test("a server whose access was decided knowingly answers to every name", () => {
    expect(createHostCheck(configSchema.parse({ auth: "none" }))("anything")).toBe(true);
  });
});
