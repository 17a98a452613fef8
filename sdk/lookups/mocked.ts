import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../../packages/values";
import { pluginPrefix } from "../../provider/pulumi";
import { LookupError } from "./error";

/**
 * Returns what the mocks of a test give for a lookup: the result of their `call`, with the token that the function has in
 * the plugin. As there, a result that is no object is in `result`, and the secrets are among the other values.
 *
 * @throws LookupError when the mocks give none
 */
export async function mockedAnswer<Result, Secrets>(
  caller: string,
  args: object,
  secrets: readonly string[],
): Promise<{ result: Result; secrets: Secrets }> {
  const token = `${pluginPrefix}${caller}`;
  const fail = (problem: string) =>
    new LookupError(
      `${caller}: ${problem}. Under pulumi.runtime.setMocks no server is called: return the result from \`call\` of the ` +
        `mocks for the token ${token}, or name a server with pulumi.runtime.setConfig("dokploy:url", …).`,
    );
  let answer: unknown;
  try {
    answer = await pulumi.runtime.invoke(token, { ...args });
  } catch {
    // Pulumi keeps the reason to itself.
    throw fail("the mocks have no result for it");
  }
  if (!isRecord(answer)) throw fail("the mocks gave a result that is no object");
  const entries = Object.entries(answer);
  const [result, found] = [false, true].map((isSecret) =>
    Object.fromEntries(entries.filter(([name]) => secrets.includes(name) === isSecret)),
  );
  return { result: answer["result"] ?? result, secrets: found } as { result: Result; secrets: Secrets };
}
