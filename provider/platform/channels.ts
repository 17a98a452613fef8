import { z } from "zod";
import { hostName, portNumber, serverAddress, text, webLink } from "../schema/fields";
import { armField } from "../simple/spec";

/** Where a notification goes: each channel with what it takes. Dokploy keeps each kind in a table of its own. */

const mail = z.email({ error: "is not an address of mail such as ops@example.com" });
const server = z.union([hostName, z.ipv4(), z.ipv6()], { error: "is not the name or address of a server" });

const secretText = (column: string) => armField(column, text, { secret: true });
/** Whoever has the address of a webhook may write there. */
const webhookUrl = armField("webhookUrl", webLink, { secret: true });

const slack = z.strictObject({
  type: z.literal("slack"),
  /** Address of the incoming webhook. Secret. */
  webhookUrl,
  /** Channel that is written to, where the webhook leaves a choice: `#ops`. Default: the webhook's own. */
  channel: armField("channel", text, { default: "" }),
});

const telegram = z.strictObject({
  type: z.literal("telegram"),
  /** Token of the bot. Secret. */
  botToken: secretText("botToken"),
  /** Number or name of the chat. */
  chatId: armField("chatId", text),
  /** Number of the topic within the chat. Default: none. */
  messageThreadId: armField("messageThreadId", text, { default: "" }),
});

const discord = z.strictObject({
  type: z.literal("discord"),
  /** Address of the webhook. Secret. */
  webhookUrl,
  /** Emojis before the lines. Default: true. */
  decoration: armField("decoration", z.boolean(), { default: true }),
});

const mails = {
  /** Address that the mails come from. */
  fromAddress: armField("fromAddress", text),
  /** Addresses that get them. */
  toAddresses: armField("toAddresses", z.array(mail).min(1)),
};

const email = z.strictObject({
  type: z.literal("email"),
  /** Server of outgoing mail. */
  smtpServer: armField("smtpServer", server),
  /** Its port: 465 speaks TLS at once, all others after `STARTTLS`. Default: 587. */
  smtpPort: armField("smtpPort", portNumber, { default: 587 }),
  /** User of that server. */
  username: armField("username", text),
  /** Password of the user. Secret. */
  password: secretText("password"),
  ...mails,
});

const resend = z.strictObject({
  type: z.literal("resend"),
  /** Key of Resend's API. Secret. */
  apiKey: secretText("apiKey"),
  ...mails,
});

const gotify = z.strictObject({
  type: z.literal("gotify"),
  /** Address of the server. */
  serverUrl: armField("serverUrl", serverAddress, { secret: "login" }),
  /** Token of the application there. Secret. */
  appToken: secretText("appToken"),
  /** Priority of the messages, from 1. Default: 5. */
  priority: armField("priority", z.number().int().min(1), { default: 5 }),
  /** Emojis before the lines. Default: true. */
  decoration: armField("decoration", z.boolean(), { default: true }),
});

const ntfy = z.strictObject({
  type: z.literal("ntfy"),
  /** Address of the server: `https://ntfy.sh`. */
  serverUrl: armField("serverUrl", serverAddress, { secret: "login" }),
  /** Topic; of a public server whoever knows it may read it. */
  topic: armField("topic", text),
  /** Token, where the topic needs one. Secret. Default: none. */
  accessToken: armField("accessToken", text, { secret: true, default: "" }),
  /** Priority of the messages, from 1 to 5. Default: 3. */
  priority: armField("priority", z.number().int().min(1).max(5), { default: 3 }),
});

const mattermost = z.strictObject({
  type: z.literal("mattermost"),
  /** Address of the incoming webhook. Secret. */
  webhookUrl,
  /** Channel that is written to. Default: the webhook's own. */
  channel: armField("channel", text, { default: "" }),
  /** Name under which it writes. Default: the webhook's own. */
  username: armField("username", text, { default: "" }),
});

const pushover = z.strictObject({
  type: z.literal("pushover"),
  /** Key of the user or group. Secret. */
  userKey: secretText("userKey"),
  /** Token of the application. Secret. */
  apiToken: secretText("apiToken"),
  /** From -2, without a sound, to 2, which has to be acknowledged and needs `retry` and `expire`. Default: 0. */
  priority: armField("priority", z.number().int().min(-2).max(2), { default: 0 }),
  /** Seconds between repetitions of a message with priority 2, from 30. */
  retry: armField("retry", z.number().int().min(30), { default: null }),
  /** Seconds for which a message with priority 2 is repeated, up to 10800. */
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
  /** Headers that go with it. Secret, since one may be a token. Default: none. */
  headers: armField("headers", z.record(text, z.string()), { secret: true, default: {} }),
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

/** The columns of each channel's table, beside its id. */
export const channelColumns: ReadonlyMap<string, readonly string[]> = new Map(
  arms.map(({ shape: { type, ...fields } }) => [
    type.value,
    Object.values(fields).flatMap((field) => field.meta()?.field?.column ?? []),
  ]),
);
