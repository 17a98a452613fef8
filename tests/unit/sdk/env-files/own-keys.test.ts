import * as assert from "node:assert/strict";
import { taggedValue } from "../../../../sdk/env-files/tags";

describe("a tag of a value", () => {
  for (const [tag, text, key] of [
    ["!env", "DOKPLOY_API_KEY", "TOKEN"],
    ["!env", "", "DOKPLOY_API_KEY"],
    ["!env", "PULUMI_ACCESS_TOKEN", "TOKEN"],
    ["!env", "PULUMI_CONFIG_PASSPHRASE", "TOKEN"],
    ["!env", "DOKPLOY_PLAN_KEY", "TOKEN"],
    ["!env", "", "DOKPLOY_PLAN_KEY"],
    ["!env", "dokploy_api_key", "TOKEN"],
    ["!env", "DOKPLOY_URL", "TOKEN"],
    ["!env", "PULUMI_BACKEND_URL", "TOKEN"],
    ["!env", "ACTIONS_RUNTIME_TOKEN", "TOKEN"],
    ["!env", "OP_SERVICE_ACCOUNT_TOKEN", "TOKEN"],
    ["!env", "VAULT_TOKEN", "TOKEN"],
    ["!env", "SOPS_AGE_KEY", "TOKEN"],
    ["!secret", "dokploy:apiKey", "TOKEN"],
    ["!secret", "dokploy:planKey", "TOKEN"],
  ] as const) {
    it(`gives no service the login of this program: ${tag} ${text || key}`, () => {
      assert.equal(
        taggedValue(tag, text, key),
        `${text || key} is a setting of this program, not a value for a service: create a separate secret for it`,
      );
    });
  }

  it("gives a setting with a similar name", () => {
    assert.deepEqual(taggedValue("!env", "MY_DOKPLOY_URL", "A"), {
      kind: "environment",
      name: "MY_DOKPLOY_URL",
    });
    assert.deepEqual(taggedValue("!secret", "apiKey", "A"), { kind: "secret", name: "apiKey" });
    assert.deepEqual(taggedValue("!plain", "DOKPLOY_API_KEY", "A"), {
      kind: "text",
      text: "DOKPLOY_API_KEY",
      plain: true,
    });
  });
});
