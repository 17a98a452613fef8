import type { Api } from "../dokploy/endpoints";
import type { Alone } from "../simple/spec";

/** Schedules of the machine that Dokploy itself runs on. */
export const dokployServer: Alone & { readonly input: "scheduleType" } = {
  input: "scheduleType",
  value: "dokploy-server",
  async list(api: Api) {
    // Dokploy requires an id, but does not use it.
    const rows = await api.call("schedule.list", { id: "dokploy-server", scheduleType: "dokploy-server" });
    return { rows: rows as object[] };
  },
};
