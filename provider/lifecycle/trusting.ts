import { UserError } from "../errors";
import { handlersText, providerKey } from "../pulumi";
import type { Step } from "./pipeline";

/**
 * Refuses a resource with a foreign text. Pulumi runs this text as code whenever it refreshes or deletes, so another
 * one in a state is somebody's code in a process that has the keys. Where these handlers notice it, they do nothing
 * more with such a resource. The text itself is not repeated: it can be anything.
 */
export function trusting(kind: string): Step {
  return {
    before({ state }) {
      const text = state[providerKey];
      // Without the text there is nothing to run.
      if (text === undefined || text === handlersText(kind)) return undefined;
      const { name } = state;
      throw new UserError(
        `${kind}${typeof name === "string" ? ` ${JSON.stringify(name)}` : ""}: the state names code other than ` +
          `pulumi-dokploy's as its handlers (${providerKey}), and Pulumi would run that code with the keys of this ` +
          "run. Nothing was done with it. Somebody changed the state: restore an earlier version of it, find out who " +
          'can write it, and replace the keys and secrets that runs have used since then. See "The state" in ' +
          "SECURITY.md of pulumi-dokploy.",
      );
    },
  };
}
