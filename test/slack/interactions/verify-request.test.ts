import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { signedRequest } from "../../../src/demo/slack/press.js";
import { createRequestVerifier, type IncomingRequest } from "../../../src/slack/interactions/verify-request.js";

const secret = "8f742231b10e8888abcd99yyyzzz85a5";
const sentSeconds = 1_531_420_618;

function verifierAt(nowMs: () => number) {
  return createRequestVerifier(secret, { nowMs });
}

function signed(body: string, seconds = sentSeconds, by = secret): IncomingRequest {
  const timestamp = String(seconds);
  const hex = createHmac("sha256", by).update(`v0:${timestamp}:${body}`).digest("hex");
  return { timestamp, signature: `v0=${hex}`, body: Buffer.from(body) };
}

describe("a request that says it is from Slack", () => {
  test("is let in with the signature that Slack's documentation gives as an example", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const verify = verifierAt(() => sentSeconds * 1_000);
    expect(verify({ timestamp: String(sentSeconds), signature, body: Buffer.from(body) })).toBeNull();
  });

  test("is let in as the stand-in signs it", () => {
    const nowMs = 1_800_000_000_123;
    const { headers, body } = signedRequest({ type: "block_actions" }, secret, nowMs);
    const request = {
      timestamp: headers["x-slack-request-timestamp"],
      signature: headers["x-slack-signature"],
      body: Buffer.from(body),
    };
    expect(verifierAt(() => nowMs)(request)).toBeNull();
  });

  test("is refused without a signature or a time", () => {
    const verify = verifierAt(() => sentSeconds * 1_000);
    expect(verify({ ...signed("x"), signature: undefined })).toBe("UNSIGNED");
    expect(verify({ ...signed("x"), timestamp: undefined })).toBe("UNSIGNED");
    for (const timestamp of ["", "-1", "1e9", "0x10", "1531420618.5", "9".repeat(400)])
      expect(verify({ ...signed("x"), timestamp })).toBe("UNSIGNED");
  });

  test("is refused signed by another secret", () => {
    expect(verifierAt(() => sentSeconds * 1_000)(signed("x", sentSeconds, "another"))).toBe("FORGED");
  });

  test("is refused with anything changed: body, time or signature", () => {
    const verify = verifierAt(() => sentSeconds * 1_000);
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.nat(), fc.integer({ min: 0, max: 255 }), (text, at, byte) => {
        const request = signed(text);
        const body = Buffer.concat([request.body, Buffer.from([byte])]);
        expect(verify({ ...request, body })).toBe("FORGED");
        expect(verify({ ...request, timestamp: String(sentSeconds + 1) })).toBe("FORGED");
        const signature = request.signature ?? "";
        const index = at % signature.length;
        const changed = signature[index] === "0" ? "1" : "0";
        const other = `${signature.slice(0, index)}${changed}${signature.slice(index + 1)}`;
        expect(verify({ ...request, signature: other })).toBe("FORGED");
        expect(verify({ ...request, signature: signature.slice(0, index) })).toBe("FORGED");
      }),
    );
  });

  test("is refused more than five minutes late, or early", () => {
    let nowMs = sentSeconds * 1_000;
    const verify = verifierAt(() => nowMs);
    nowMs = sentSeconds * 1_000 + 300_000;
    expect(verify(signed("late but not too late"))).toBeNull();
    nowMs += 1;
    expect(verify(signed("too late"))).toBe("LATE");
    nowMs = sentSeconds * 1_000 - 300_001;
    expect(verify(signed("too early"))).toBe("LATE");
  });

  test("is refused the second time, for as long as its time is accepted", () => {
    let nowMs = sentSeconds * 1_000;
    const verify = verifierAt(() => nowMs);
    const early = signed("x", sentSeconds + 300);
    expect(verify(early)).toBeNull();
    expect(verify(early)).toBe("REPLAYED");
    nowMs += 600_000;
    expect(verify(early)).toBe("REPLAYED");
    nowMs += 1;
    expect(verify(early)).toBe("LATE");
    expect(verify(signed("x", sentSeconds + 400))).toBeNull();
  });
});
