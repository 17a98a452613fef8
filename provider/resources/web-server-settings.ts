import { z } from "zod";
import { armField, reconcile, reportAdoption, splitUnknown } from "../engine";
import { PartialFailureError, UserError } from "../errors";
import type { Context, Entity } from "../lifecycle";
import { Mapping } from "../schema";
import { hostName } from "./types/addresses";
import { cron } from "./types/cron";
import { changeSettings, type SettingsRow, settingsOf } from "./web-server-settings/web-server";

/** Id of the settings, which exist once on a Dokploy server. */
const ID = "web-server";

export const webServerSettingsSchema = z.strictObject({
  /** Host name of Dokploy's pages and API. With a wrong one they are reachable only by address and port. */
  host: armField("as:host", hostName.optional()),
  /** True to serve HTTPS under that name, and to redirect requests from HTTP to it. */
  https: armField("as:https", z.boolean().optional()),
  /** Source of the certificate; `custom` is one that Traefik already has. */
  certificateType: armField("as:certificateType", z.enum(["none", "letsencrypt", "custom"]).optional()),
  /**
   * Email address that Let's Encrypt writes to, for the certificates of all domains. Takes effect when Traefik
   * restarts.
   */
  letsEncryptEmail: armField("as:letsEncryptEmail", z.email().optional()),
  /** IP address of the machine, which Dokploy shows and builds host names from. */
  serverIp: armField(
    "as:serverIp",
    z.union([z.ipv4(), z.ipv6()], { error: "is not an IP address" }).optional(),
  ),
  /** True to remove unused Docker data every night: stopped containers, unused images and unnamed volumes. */
  enableDockerCleanup: armField("as:enableDockerCleanup", z.boolean().optional()),
  /** Cron expression for trimming Traefik's request log, or `never`. */
  logCleanupCron: armField("as:logCleanupCron", z.union([z.literal("never"), cron]).optional()),
  /** Number of deployments that run on Dokploy's own machine at the same time, from 1 to 100. */
  buildsConcurrency: armField("as:buildsConcurrency", z.number().int().min(1).max(100).optional()),
});
export type WebServerSettingsInputs = z.infer<typeof webServerSettingsSchema>;

const mapping = new Mapping(webServerSettingsSchema);

/**
 * The settings of Dokploy's own web server, for the whole server: its host name and certificate, cleanup, and the
 * number of deployments at the same time. They exist once, so only one stack can manage them. The resource adopts the
 * existing settings, and an input that is left out is not touched. It needs the API key of the owner or an admin.
 *
 * Deleting the resource only removes it from the state: all settings stay as they are.
 *
 * @example
 * ```ts
 * new dokploy.WebServerSettings("dokploy", {
 *   host: "dokploy.example.com",
 *   https: true,
 *   certificateType: "letsencrypt",
 *   letsEncryptEmail: "ops@example.com",
 *   buildsConcurrency: 2,
 * });
 * ```
 */
export const webServerSettings: Entity<WebServerSettingsInputs, object> = {
  kind: "WebServerSettings",
  schema: webServerSettingsSchema,
  key: [],
  relation: "lasting",

  check: ({ host, https, certificateType }) =>
    host === undefined && (https !== undefined || certificateType !== undefined)
      ? [{ property: "host", reason: "is missing: https and certificateType apply to that name" }]
      : [],

  // The settings always exist, so the resource adopts them.
  async preflight(inputs, context) {
    const live = mapping.readBack(await settingsOf(context.reads), inputs);
    const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
    reportAdoption("The configuration of Dokploy's web server", adoption, context);
  },

  async preview(inputs, { reads, warn }, { changes }) {
    const { host, letsEncryptEmail } = inputs;
    if (host !== undefined || !changes.some(({ input }) => input === "letsEncryptEmail")) return [];
    const row = await settingsOf(reads);
    if (!row["as:host"] && row["as:letsEncryptEmail"] !== letsEncryptEmail) {
      warn(
        "WebServerSettings: Dokploy saves letsEncryptEmail together with its own host, and has none saved. If its " +
          "pages have a host name in Traefik anyway, they lose it, and are reachable only by address and port. " +
          "Give host too.",
        "advice",
      );
    }
    return [];
  },

  async list({ api }) {
    const { inputs, ...found } = mapping.existing(await settingsOf(api));
    const { https: _, certificateType: _type, ...others } = inputs;
    return [{ id: ID, ...found, inputs: inputs["host"] === undefined ? others : inputs }];
  },

  async create(inputs, context) {
    await converge(inputs, context);
    return { id: ID, outputs: {} };
  },

  async read(_id, { inputs }, { reads }) {
    return { inputs: mapping.readBack(await settingsOf(reads), inputs), outputs: {} };
  },

  async update(_id, _olds, news, _changes, context) {
    await converge(news, context);
    return {};
  },

  async delete(_id, _inputs, { warn }) {
    warn(
      "WebServerSettings are only removed from the state. They stay in Dokploy as they are, since the former " +
        "values are not known.",
      "stays",
    );
  },

  label: () => "",
};

async function converge(inputs: WebServerSettingsInputs, context: Context): Promise<void> {
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
            const remaining = Object.keys(delta(await settingsOf(api)));
            if (remaining.length > 0)
              throw new UserError(
                `Dokploy reported that it saved ${remaining.join(", ")}, but it has another value: its log says why. ` +
                  "Run the update again.",
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
