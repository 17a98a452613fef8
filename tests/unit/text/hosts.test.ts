import * as assert from "node:assert/strict";
import { isThisMachine } from "../../../packages/text";

describe("isThisMachine", () => {
  const hostOf = (address: string) => new URL(address).hostname;

  for (const address of [
    "http://localhost:3000",
    "http://LOCALHOST.",
    "http://127.0.0.1",
    "http://127.9.8.7/x",
    "http://127.1",
    "http://[::1]:80",
  ])
    it(`is true for ${address}`, () => assert.equal(isThisMachine(hostOf(address)), true));

  // A resolver may look up a name below `localhost` like any other.
  for (const address of [
    "http://dokploy.localhost",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://notlocalhost",
    "http://10.0.0.1",
    "http://[::2]",
    "http://0.0.0.0",
  ])
    it(`is false for ${address}`, () => assert.equal(isThisMachine(hostOf(address)), false));
});
