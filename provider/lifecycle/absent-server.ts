import type { Api } from "../dokploy/endpoints";
import { UserError } from "../errors/problem";

/**
 * What resources have in the place of a server that only the update will know.
 *
 * @param provider as messages call it
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
