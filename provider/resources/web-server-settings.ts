import { z } from "zod";
import { PartialFailureError, UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Definition } from "../lifecycle/definition";
import { adoptionNotice, splitUnknown } from "../objects/adoption";
import { reconcile } from "../objects/reconcile";
import { changeSettings, type SettingsRow, settingsOf } from "../platform/web-server";
import { cron } from "../schema/cron";
import { hostName } from "../schema/fields";
import { Mapping } from "../schema/mapping";
import { armField } from "../simple/spec";

/** There is one in a Dokploy. */
const ID = "web-server";

export const webServerSettingsSchema = z.strictObject({
  /** Host name of Dokploy's own pages and API. A wrong one makes them answer under no name, only under address and port. */
  host: armField("as:host", hostName.optional()),
  /** Answer HTTPS under that name, and send callers of HTTP there. */
  https: armField("as:https", z.boolean().optional()),
  /** Where the certificate comes from; `custom` is one that Traefik has already. */
  certificateType: armField("as:certificateType", z.enum(["none", "letsencrypt", "custom"]).optional()),
  /** Address that Let's Encrypt writes to, for the certificates of all domains. Works once Traefik is started again. */
  letsEncryptEmail: armField("as:letsEncryptEmail", z.email().optional()),
  /** Address of the machine, which Dokploy shows and makes up host names of. */
  serverIp: armField(
    "as:serverIp",
    z.union([z.ipv4(), z.ipv6()], { error: "is not an IP address" }).optional(),
  ),
  /** Remove what Docker no longer needs, every night: stopped containers, unused images and volumes without a name. */
  enableDockerCleanup: armField("as:enableDockerCleanup", z.boolean().optional()),
  /** When Traefik's log of requests is cut short: a cron expression, or `never`. */
  logCleanupCron: armField("as:logCleanupCron", z.union([z.literal("never"), cron]).optional()),
  /** How many deployments run at the same time on Dokploy's own machine, from 1 to 100. */
  buildsConcurrency: armField("as:buildsConcurrency", z.number().int().min(1).max(100).optional()),
});
export type WebServerSettingsInputs = z.infer<typeof webServerSettingsSchema>;

const mapping = new Mapping(webServerSettingsSchema);

export const webServerSettings: Definition<WebServerSettingsInputs, object> = {
  kind: "WebServerSettings",
  schema: webServerSettingsSchema,
  key: [],
  outlivesDeletion: true,

  check: ({ host, https, certificateType }) =>
    host === undefined && (https !== undefined || certificateType !== undefined)
      ? [{ property: "host", reason: "is missing: https and certificateType are about that name" }]
      : [],

  // They exist, so whoever gives some takes them over.
  async preflight(inputs, { reads, warn }) {
    const live = mapping.readBack(await settingsOf(reads), inputs);
    const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
    warn(adoptionNotice("What Dokploy's web server is set to", adoption));
  },

  async previewChecks(inputs, { reads, warn }, { changes }) {
    const { host, letsEncryptEmail } = inputs;
    if (host !== undefined || !changes.some(({ input }) => input === "letsEncryptEmail")) return [];
    const row = await settingsOf(reads);
    if (!row["as:host"] && row["as:letsEncryptEmail"] !== letsEncryptEmail) {
      warn(
        "WebServerSettings: Dokploy saves letsEncryptEmail together with its own host, and knows of none: if its pages have a " +
          "host name of Traefik's all the same, they lose it, and answer under address and port alone. Give host too.",
      );
    }
    return [];
  },

  async create(inputs, context) {
    await bring(inputs, context);
    return { id: ID, outputs: {} };
  },

  async read(_id, { inputs }, { reads }) {
    return { inputs: mapping.readBack(await settingsOf(reads), inputs), outputs: {} };
  },

  async update(_id, _olds, news, _changes, context) {
    await bring(news, context);
    return {};
  },

  async delete(_id, _inputs, { warn }) {
    warn(
      "WebServerSettings are removed from the state only. The settings stay in Dokploy as they are, since nobody knows what they were before.",
    );
  },

  label: () => "WebServerSettings",
};

async function bring(inputs: WebServerSettingsInputs, context: Context): Promise<void> {
  const { api } = context;
  const delta = (row: SettingsRow) => mapping.delta(row, inputs);
  await reconcile(
    ID,
    () => settingsOf(api),
    (row) => {
      const changed = delta(row);
      if (Object.keys(changed).length === 0) return {};
      return {
        write: {
          async send() {
            await changeSettings(row, changed, api);
            const left = Object.keys(delta(await settingsOf(api)));
            if (left.length > 0)
              throw new UserError(
                `Dokploy answered that it saved ${left.join(", ")}, and has another value: its log says why. Run the update again.`,
              );
          },
          isThere: async () => Object.keys(delta(await settingsOf(api))).length === 0,
          unfinished: (reason) => new PartialFailureError(ID, {}, reason, mapping.readBack(row, inputs)),
        },
      };
    },
    context,
  );
}
