import * as assert from "node:assert/strict";
import { isProduction } from "../../../../sdk/env-files";

describe("isProduction", () => {
  const names: readonly [what: string, isOne: boolean, stages: readonly string[]][] = [
    [
      "knows production by a word of the name",
      true,
      ["prod", "prd", "Production", "eu-prod", "shop.live", "a_PRD_b"],
    ],
    [
      "allows a number at the end of the word",
      true,
      ["prod2", "production1", "prd10-eu", "eu-live3", "prod-2"],
    ],
    [
      "takes no part of a word",
      false,
      ["product", "products1", "delivery", "preprod2", "alive", "prod2b", "2prod"],
    ],
    ["takes no other name", false, ["test", "staging", "main", "master", ""]],
  ];
  for (const [what, isOne, stages] of names)
    it(what, () => {
      for (const stage of stages) assert.equal(isProduction(stage), isOne, stage);
    });
});
