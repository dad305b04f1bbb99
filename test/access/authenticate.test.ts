import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createAuthenticate } from "../../src/access/authenticate.js";
import { requireAction } from "../../src/access/principal.js";
import { isMeshlensError } from "../../src/errors.js";
import { canSee } from "../../src/telemetry/visibility.js";

const sha256 = (token: string) => createHash("sha256").update(token).digest("hex");

const check = createAuthenticate({
  oidc: [],
  tokens: [
    { name: "grafana", sha256: sha256("s3cret-grafana"), namespaces: ["*"], actions: ["read", "debug"] },
    { name: "shop", sha256: sha256("s3cret-shop").toUpperCase(), namespaces: ["shop", "pay"], actions: ["read"] },
  ],
});

const authenticate = (authorization: string | undefined) => check({ headers: { authorization }, ip: "192.0.2.1" });

async function refusalOf(run: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await run();
  } catch (error) {
    if (isMeshlensError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("it was let in");
}

describe("authenticate", () => {
  test("a token gives its namespaces and actions", async () => {
    const shop = await authenticate("Bearer s3cret-shop");
    expect(shop.name).toBe("shop");
    expect(canSee(shop.visibility, "shop")).toBe(true);
    expect(canSee(shop.visibility, "kube-system")).toBe(false);
    expect([...shop.actions]).toEqual(["read"]);
    expect((await authenticate("bearer s3cret-grafana")).visibility.namespaces).toBe("all");
  });

  test.each([undefined, "", "s3cret-shop", "Basic czNjcmV0", "Bearer", "Bearer  ", "Bearer a b", "Bearer S3CRET-SHOP"])(
    "no access with the header %j, and the refusal does not repeat it",
    async (header) => {
      const { code, message } = await refusalOf(() => authenticate(header));
      expect(code).toBe("MESHLENS_ERR_ACCESS_UNAUTHENTICATED");
      expect(message.toLowerCase()).not.toContain("s3cret");
    },
  );

  test("the hash itself is no token", async () => {
    expect((await refusalOf(() => authenticate(`Bearer ${sha256("s3cret-shop")}`))).code).toMatch(/UNAUTHENTICATED$/);
  });

  test("nothing but a configured token is let in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        fc.pre(!["s3cret-shop", "s3cret-grafana"].includes(text.trim()));
        expect((await refusalOf(() => authenticate(`Bearer ${text}`))).code).toBe(
          "MESHLENS_ERR_ACCESS_UNAUTHENTICATED",
        );
      }),
    );
  });

  test("without tokens everyone sees everything", async () => {
    for (const auth of [undefined, "none" as const]) {
      const principal = await createAuthenticate(auth)({ headers: {}, ip: "192.0.2.1" });
      expect(canSee(principal.visibility, "anything")).toBe(true);
      expect(() => requireAction(principal, "operate")).not.toThrow();
    }
  });

  test("a missing action is refused by name", async () => {
    const shop = await authenticate("Bearer s3cret-shop");
    const { code, message } = await refusalOf(() => requireAction(shop, "debug"));
    expect(code).toBe("MESHLENS_ERR_ACCESS_FORBIDDEN");
    expect(message).toBe("shop may not do this: add debug to its actions in auth");
  });
});
