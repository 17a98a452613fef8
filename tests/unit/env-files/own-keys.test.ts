import * as assert from "node:assert/strict";
import { taggedValue } from "../../../sdk/env-files/tags";

describe("a tag of a value", () => {
  for (const [tag, text, key] of [
    ["!env", "DOKPLOY_API_KEY", "TOKEN"],
    ["!env", "", "DOKPLOY_API_KEY"],
    ["!env", "PULUMI_ACCESS_TOKEN", "TOKEN"],
    ["!env", "PULUMI_CONFIG_PASSPHRASE", "TOKEN"],
    ["!secret", "dokploy:apiKey", "TOKEN"],
  ] as const) {
    it(`gives no service the login of this program: ${tag} ${text || key}`, () => {
      assert.equal(
        taggedValue(tag, text, key),
        `${text || key} is the API key of this program, not a value for a service: create a separate secret for it`,
      );
    });
  }

  it("gives a setting with a similar name", () => {
    assert.deepEqual(taggedValue("!env", "DOKPLOY_URL", "A"), { kind: "environment", name: "DOKPLOY_URL" });
    assert.deepEqual(taggedValue("!secret", "apiKey", "A"), { kind: "secret", name: "apiKey" });
    assert.deepEqual(taggedValue("!plain", "DOKPLOY_API_KEY", "A"), {
      kind: "text",
      text: "DOKPLOY_API_KEY",
      plain: true,
    });
  });
});
