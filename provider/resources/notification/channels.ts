import { z } from "zod";
import { armField } from "../../engine";
import { nonEmptyText } from "../../schema";
import { hostName, portNumber, serverAddress, webLink } from "../types/addresses";

/** Channels of notifications, each with its inputs. Dokploy keeps each kind in its own table. */

const mail = z.email({ error: "is not an email address such as ops@example.com" });
const server = z.union([hostName, z.ipv4(), z.ipv6()], { error: "is not the name or address of a server" });

const secretText = (column: string) => armField(column, nonEmptyText, { secret: true });
/** Anyone who has the address of a webhook can post to it. */
const webhookUrl = armField("webhookUrl", webLink, { secret: true });

const slack = z.strictObject({
  type: z.literal("slack"),
  /** Address of the incoming webhook. Secret. */
  webhookUrl,
  /** Channel to post to, where the webhook leaves a choice: `#ops`. Default: the webhook's own. */
  channel: armField("channel", nonEmptyText, { default: "" }),
});

const telegram = z.strictObject({
  type: z.literal("telegram"),
  /** Token of the bot. Secret. */
  botToken: secretText("botToken"),
  /** Number or name of the chat. */
  chatId: armField("chatId", nonEmptyText),
  /** Number of the topic in the chat. Default: none. */
  messageThreadId: armField("messageThreadId", nonEmptyText, { default: "" }),
});

const discord = z.strictObject({
  type: z.literal("discord"),
  /** Address of the webhook. Secret. */
  webhookUrl,
  /** True to put emojis before the lines. Default: true. */
  decoration: armField("decoration", z.boolean(), { default: true }),
});

const mails = {
  /** Address that the mails are sent from. */
  fromAddress: armField("fromAddress", nonEmptyText),
  /** Addresses that the mails are sent to. */
  toAddresses: armField("toAddresses", z.array(mail).min(1)),
};

const email = z.strictObject({
  type: z.literal("email"),
  /** Name or address of the SMTP server. */
  smtpServer: armField("smtpServer", server),
  /** Port of the SMTP server: 465 uses TLS at once, all others after `STARTTLS`. Default: 587. */
  smtpPort: armField("smtpPort", portNumber, { default: 587 }),
  /** User name on the SMTP server. */
  username: armField("username", nonEmptyText),
  /** Password of the user. Secret. */
  password: secretText("password"),
  ...mails,
});

const resend = z.strictObject({
  type: z.literal("resend"),
  /** API key of Resend. Secret. */
  apiKey: secretText("apiKey"),
  ...mails,
});

const gotify = z.strictObject({
  type: z.literal("gotify"),
  /** Address of the Gotify server. */
  serverUrl: armField("serverUrl", serverAddress, { secret: "login" }),
  /** Token of the application in Gotify. Secret. */
  appToken: secretText("appToken"),
  /** Priority of the messages, at least 1. Default: 5. */
  priority: armField("priority", z.number().int().min(1), { default: 5 }),
  /** True to put emojis before the lines. Default: true. */
  decoration: armField("decoration", z.boolean(), { default: true }),
});

const ntfy = z.strictObject({
  type: z.literal("ntfy"),
  /** Address of the ntfy server: `https://ntfy.sh`. */
  serverUrl: armField("serverUrl", serverAddress, { secret: "login" }),
  /** Topic; on a public server, anyone who knows its name can read it. */
  topic: armField("topic", nonEmptyText),
  /** Access token, for a topic that requires one. Secret. Default: none. */
  accessToken: armField("accessToken", nonEmptyText, { secret: true, default: "" }),
  /** Priority of the messages, from 1 to 5. Default: 3. */
  priority: armField("priority", z.number().int().min(1).max(5), { default: 3 }),
});

const mattermost = z.strictObject({
  type: z.literal("mattermost"),
  /** Address of the incoming webhook. Secret. */
  webhookUrl,
  /** Channel to post to. Default: the webhook's own. */
  channel: armField("channel", nonEmptyText, { default: "" }),
  /** Name that the messages are posted under. Default: the webhook's own. */
  username: armField("username", nonEmptyText, { default: "" }),
});

const pushover = z.strictObject({
  type: z.literal("pushover"),
  /** Key of the user or group. Secret. */
  userKey: secretText("userKey"),
  /** Token of the application. Secret. */
  apiToken: secretText("apiToken"),
  /**
   * Priority from -2, which is silent, to 2, which must be acknowledged and requires `retry` and `expire`. Default: 0.
   */
  priority: armField("priority", z.number().int().min(-2).max(2), { default: 0 }),
  /** Seconds between two repetitions of a message with priority 2, at least 30. */
  retry: armField("retry", z.number().int().min(30), { default: null }),
  /** Seconds for which a message with priority 2 is repeated, at most 10800. */
  expire: armField("expire", z.number().int().min(1).max(10_800), { default: null }),
});

const lark = z.strictObject({
  type: z.literal("lark"),
  /** Address of the bot's webhook. Secret. */
  webhookUrl,
});

const teams = z.strictObject({
  type: z.literal("teams"),
  /** Address of the incoming webhook. Secret. */
  webhookUrl,
});

const custom = z.strictObject({
  type: z.literal("custom"),
  /** Address that each message is posted to, as JSON. Secret, since it may hold a token. */
  endpoint: armField("endpoint", webLink, { secret: true }),
  /** Headers of each request. Secret, since one may be a token. Default: none. */
  headers: armField("headers", z.record(nonEmptyText, z.string()), { secret: true, default: {} }),
});

const arms = [
  slack,
  telegram,
  discord,
  email,
  resend,
  gotify,
  ntfy,
  mattermost,
  pushover,
  lark,
  teams,
  custom,
] as const;

export const channel = z.discriminatedUnion("type", arms);

/** Columns of each channel's table other than its id. */
export const channelColumns: ReadonlyMap<string, readonly string[]> = new Map(
  arms.map(({ shape: { type, ...fields } }) => [
    type.value,
    Object.values(fields).flatMap((field) => field.meta()?.field?.column ?? []),
  ]),
);
