import type { Way } from "./way";

/** Reload of an application: new containers of the same image. Dokploy keeps no record of it. */
export const reload: Way = {
  methods: (kind) => (kind === "application" ? ["reload"] : []),

  async run({ api }, { id, appName }) {
    await api.call("application.reload", { applicationId: id, appName });
    return undefined;
  },
};
