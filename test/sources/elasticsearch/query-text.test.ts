// Bodies as text: what JSON.stringify makes of them, with the lasting parts turned into text once.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { jsonText, lasting } from "../../../src/sources/elasticsearch/query-text.js";

describe("the text of a search body", () => {
  test("is that of JSON.stringify for any plain data", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonText(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  test("leaves out what is undefined", () => {
    expect(jsonText({ a: undefined, b: [undefined, 1], c: {} })).toBe('{"b":[null,1],"c":{}}');
  });

  test("holds lasting parts wherever they stand", () => {
    const level = lasting({ terms: { 'le"vel': ["error", "\u2028"] } });
    const body = { query: { bool: { filter: [level, { bool: { must_not: [level] } }] } }, size: 1 };
    expect(jsonText(body)).toBe(JSON.stringify(body));
  });

  test("of a lasting part is made once", () => {
    let times = 0;
    const query = lasting({
      get exists() {
        times += 1;
        return { field: "a" };
      },
    });
    expect([jsonText([query, query]), times]).toEqual(['[{"exists":{"field":"a"}},{"exists":{"field":"a"}}]', 1]);
  });
});
