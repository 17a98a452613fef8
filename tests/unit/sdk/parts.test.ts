import * as assert from "node:assert/strict";
import { claimObject } from "../../../sdk/parts";

const server = {};

describe("two resources for one object", () => {
  it("are told by their inputs, without the values, which may be secrets", () => {
    const domain = (more: object) => ({ composeId: "canary-parent", host: "canary-host", ...more });
    claimObject(server, "Domain", "one", domain({}));
    claimObject(server, "Domain", "other", domain({ path: "/canary-path" }));
    assert.throws(
      () => claimObject(server, "Domain", "two", domain({ path: "/" })),
      (error: Error) => {
        assert.match(
          error.message,
          /^Domain "two" and Domain "one" are the same Domain: they have the same host and path for the same service\./,
        );
        assert.doesNotMatch(error.message, /canary/);
        return true;
      },
    );
  });

  it("are not, where they belong to two services or are of two kinds", () => {
    claimObject(server, "Port", "a", { applicationId: "a", publishedPort: 25 });
    claimObject(server, "Port", "b", { applicationId: "b", publishedPort: 25 });
    claimObject(server, "Registry", "c", { name: "25" });
  });
});
