import type { Api } from "../dokploy";
import { UserError } from "../errors";

/**
 * Returns the server for resources whose server only the update will know: each call fails.
 *
 * @param provider name of the provider in messages
 */
export function absentServer(provider: string): Api {
  return {
    call: async (endpoint) => {
      throw new UserError(
        `Dokploy ${endpoint} was not called: the address or the key of ${provider} is known only once the update runs.`,
      );
    },
  };
}
