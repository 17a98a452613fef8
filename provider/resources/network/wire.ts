import { isUnknown } from "../../../packages/values";
import { type Api, DokployError } from "../../dokploy";
import type { Row, Wire } from "../../lifecycle";

/** Calls for a network. Dokploy lists the networks of one machine at a time: of a server, or of its own machine. */
export const networkWire: Wire = {
  send: (_verb, columns) => ({ endpoint: "network.create", input: columns }),

  async all(_parent, api, columns) {
    const serverId = columns?.["serverId"];
    if (isUnknown(serverId)) return [];
    if (columns !== undefined) return await networksOf(serverId as string | null | undefined, api);
    const servers = await serversOf(api);
    const lists = await Promise.all([null, ...servers].map((id) => networksOf(id, api)));
    return lists.flat();
  },
};

async function networksOf(serverId: string | null | undefined, api: Api): Promise<Row[]> {
  return (await api.call("network.all", serverId == null ? {} : { serverId })) as Row[];
}

/** Returns the ids of all servers; none if the key cannot see them. */
async function serversOf(api: Api): Promise<string[]> {
  try {
    const rows = (await api.call("server.all", {})) as { serverId: string }[];
    return rows.map(({ serverId }) => serverId);
  } catch (error) {
    if (error instanceof DokployError && (error.status === 401 || error.status === 403)) return [];
    throw error;
  }
}
