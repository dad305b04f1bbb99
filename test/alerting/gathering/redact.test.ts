import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { redact } from "../../../src/alerting/gathering/redact.js";

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

describe("redaction", () => {
  test.each([
    [
      "a password by its name",
      "login failed password=hunter2 user=jason",
      "login failed password=[redacted] user=jason",
    ],
    ["a secret in JSON", '{"clientSecret":"s3 cr3t","n":1}', '{"clientSecret":[redacted],"n":1}'],
    ["a bearer token", "Authorization: Bearer abc.def-123", "Authorization: [redacted] [redacted]"],
    ["a JSON web token", `got ${jwt} from x`, "got [redacted] from x"],
    ["a token of Slack", "using xoxb-1234567890-abcdef", "using [redacted]"],
    ["credentials of a URL", "dial postgres://app:pa55@db:5432/x", "dial postgres://[redacted]@db:5432/x"],
    ["an e-mail address", "no such user anna.b+x@example.co.uk!", "no such user [email]!"],
    ["a card number", "charge 4111 1111 1111 1111 declined", "charge [redacted] declined"],
    ["a public address", "from 203.0.113.9 to 10.1.2.3:9080", "from [ip] to 10.1.2.3:9080"],
    ["an IPv6 address", "peer 2001:db8::8a2e:370:7334 reset", "peer [ip] reset"],
    ["a long digest", `sha ${"ab12".repeat(12)}`, "sha [redacted]"],
    ["a long key", `key is ${"aB3dE6".repeat(8)}`, "key is [redacted]"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "[redacted]"],
  ])("strikes %s", (_, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    "2026-11-21T09:00:00.123Z GET /reviews/0 503 UF 4bf92f3577b34da6a3ce929d0e0e4736",
    "37b7938f-d830-909b-b634-6c69d2cc0287 took 1234567890123 ns at 10:15:30:123",
    "reading /var/lib/app/releases/2026/11/current/config/settings/main.yaml failed",
    "upstream outbound|9080|v2|reviews.bookinfo.svc.cluster.local connection refused",
  ])("leaves what leads to the cause: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("looks at the first 4,000 characters of a megabyte, in no time", () => {
    const startMs = process.cpuUsage().user;
    expect(redact(`token=${"a".repeat(1_000_000)}`)).toBe("token=[redacted]");
    expect(redact("a.".repeat(500_000)).length).toBeLessThanOrEqual(4_000);
    expect(redact("-".repeat(1_000_000)).length).toBeLessThanOrEqual(4_000);
    expect((process.cpuUsage().user - startMs) / 1_000).toBeLessThan(5_000);
  });

  test("a secret behind its name never comes through, whatever stands around it", () => {
    const around = fc.string({ maxLength: 40 }).map((text) => text.replace(/["']/g, ""));
    const name = fc.constantFrom("password", "api_key", "X-Auth-Token", "DB_PASSWORD", "clientSecret", "sessionId");
    fc.assert(
      fc.property(around, name, fc.constantFrom("=", ": ", '":"'), around, (before, key, between, after) => {
        expect(redact(`${before} ${key}${between}hunter2hunter2 ${after}`)).not.toContain("hunter2");
      }),
      { numRuns: 300 },
    );
  });
});
