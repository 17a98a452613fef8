import * as assert from "node:assert/strict";
import type { Emulator } from "../../../emulator";

/** Calls an emulated Dokploy as a person with curl does, and fails unless it answers with 200. */
export async function byHand<T>(
  { url, apiKey }: Emulator,
  endpoint: string,
  input: Record<string, unknown>,
  method = "POST",
): Promise<T> {
  const query = method === "GET" ? `?${new URLSearchParams(input as Record<string, string>)}` : "";
  const response = await fetch(`${url}/api/${endpoint}${query}`, {
    method,
    headers: { "x-api-key": apiKey, "content-type": "application/json" },
    ...(method === "GET" ? {} : { body: JSON.stringify(input) }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
