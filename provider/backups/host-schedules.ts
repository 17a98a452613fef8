import type { Api } from "../dokploy/endpoints";
import type { Alone } from "../simple/spec";

/** The schedules of the machine that Dokploy itself runs on. */
export const dokployServer: Alone & { readonly input: "scheduleType" } = {
  input: "scheduleType",
  value: "dokploy-server",
  async list(api: Api) {
    // Dokploy wants an id, and does not look at it.
    const rows = await api.call("schedule.list", { id: "dokploy-server", scheduleType: "dokploy-server" });
    return { rows: rows as object[] };
  },
};
