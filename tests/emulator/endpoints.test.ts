import * as assert from "node:assert/strict";
import { endpoints } from "../../emulator/objects";
import * as document from "../../provider/dokploy/generated/endpoints.json";

describe("the emulator's endpoints", () => {
  it("are endpoints of Dokploy's own document, with its methods", () => {
    const documented: Readonly<Record<string, { method: string } | undefined>> = document.endpoints;
    const wrong = Object.entries(endpoints).filter(
      ([name, { method }]) => documented[name]?.method !== method,
    );
    assert.deepEqual(
      wrong.map(([name]) => name),
      [],
    );
  });
});
