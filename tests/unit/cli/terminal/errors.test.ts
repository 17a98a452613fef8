import * as assert from "node:assert/strict";
import { messageOf, unknownService } from "../../../../cli/terminal";

describe("messages of errors", () => {
  it("name a missing package, without the list of files that needed it", () => {
    const missing = (name: string) =>
      messageOf(new Error(`Cannot find module '${name}'\nRequire stack:\n- /x/main.js`));
    assert.equal(
      missing("@pulumi/pulumi/proto/engine_pb"),
      "The package @pulumi/pulumi is missing: run npm ci in the folder of the project, or npm install @pulumi/pulumi.",
    );
    assert.match(missing("yaml"), /^The package yaml is missing: .* or npm install yaml\.$/);
    assert.match(missing("./lost"), /^Cannot find module '\.\/lost'/);
    assert.equal(messageOf(new Error("No.")), "No.");
    assert.equal(messageOf("text"), "text");
  });

  it("ask for the name that was meant, or list all", () => {
    assert.equal(
      unknownService("Stack a has no service", "apii", ["api", "web"]),
      "Stack a has no service apii. Did you mean api?",
    );
    assert.equal(
      unknownService("Stack a has no service", "x", ["api", "web"]),
      "Stack a has no service x; it has api, web.",
    );
    assert.equal(unknownService("Stack a has no service", "x", []), "Stack a has no service x; it has none.");
  });
});
