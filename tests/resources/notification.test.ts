import * as assert from "node:assert/strict";
import { channelColumns } from "../../provider/resources/notification/channels";
import { type Server, startServer, until, withProvider } from "./server";
import { modelOf, rowsOf } from "./simple-by-hand";
import { CANARY } from "./simple-data";

type Values = Record<string, unknown>;

/** Each channel as it is made, and with another secret. */
const channels: Readonly<Record<string, readonly [made: Values, changed: Values]>> = {
  slack: [{ webhookUrl: `https://x.example/${CANARY}` }, { channel: "#ops" }],
  telegram: [{ botToken: CANARY, chatId: "-100" }, { messageThreadId: "7" }],
  discord: [{ webhookUrl: `https://x.example/${CANARY}` }, { decoration: false }],
  email: [
    {
      smtpServer: "mail.example.com",
      username: "ops",
      password: CANARY,
      fromAddress: "Ops <ops@example.com>",
      toAddresses: ["a@example.com"],
    },
    { smtpPort: 465, toAddresses: ["a@example.com", "b@example.com"] },
  ],
  resend: [
    { apiKey: CANARY, fromAddress: "ops@example.com", toAddresses: ["a@example.com"] },
    { toAddresses: ["b@example.com"] },
  ],
  gotify: [
    { serverUrl: "https://gotify.example.com", appToken: CANARY },
    { priority: 8, decoration: false },
  ],
  ntfy: [
    { serverUrl: "https://ntfy.sh", topic: "ops" },
    { accessToken: CANARY, priority: 5 },
  ],
  mattermost: [{ webhookUrl: `https://x.example/${CANARY}` }, { channel: "ops", username: "bot" }],
  pushover: [
    { userKey: CANARY, apiToken: CANARY },
    { priority: 2, retry: 60, expire: 600 },
  ],
  lark: [{ webhookUrl: `https://x.example/${CANARY}` }, { webhookUrl: `https://x.example/${CANARY}-2` }],
  teams: [{ webhookUrl: `https://x.example/${CANARY}` }, { webhookUrl: `https://x.example/${CANARY}-2` }],
  custom: [{ endpoint: `https://x.example/${CANARY}` }, { headers: { Authorization: `Bearer ${CANARY}` } }],
};

describe("Notification", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const handlers = () => server.of("Notification");
  const row = async () => (await rowsOf(server, "Notification", undefined))[0] ?? {};

  it("has a test of each channel", () => {
    assert.deepEqual(Object.keys(channels).sort(), [...channelColumns.keys()].sort());
  });

  for (const [type, [made, changed]] of Object.entries(channels)) {
    it(`through ${type} is created, changed and taken back to the defaults, whole each time`, async () => {
      const inputs = withProvider({ name: "ops", channel: { type, ...made }, appDeploy: true });
      assert.deepEqual((await handlers().check({}, inputs)).failures, []);
      const { id, outs } = await handlers().create(inputs);
      assert.deepEqual((await handlers().read(id, outs)).inputs, inputs);

      server.newRun();
      const news = { ...inputs, channel: { type, ...made, ...changed } };
      assert.deepEqual((await handlers().check(outs, news)).failures, []);
      const { outs: second } = await handlers().update(id, outs, news);
      for (const [name, value] of Object.entries(changed)) assert.deepEqual((await row())[name], value);
      assert.equal((await row())["appDeploy"], true);
      assert.deepEqual((await handlers().read(id, second)).inputs, news);

      // The flags alone, which Dokploy would refuse for most channels.
      server.newRun();
      const { outs: third } = await handlers().update(id, second, { ...news, appDeploy: false });
      assert.equal((await row())["appDeploy"], false);

      server.newRun();
      const { outs: last } = await handlers().update(id, third, { ...inputs, appDeploy: false });
      const left = modelOf("Notification").mapping.defaults(inputs);
      for (const [name, value] of Object.entries(left)) assert.deepEqual((await row())[name], value, name);
      assert.ok(!JSON.stringify([...server.warnings, ...server.notices]).includes(CANARY));
      await handlers().delete(id, last);
      assert.deepEqual(await rowsOf(server, "Notification", undefined), []);
    });
  }

  it("is recreated for another channel", async () => {
    const inputs = withProvider({ name: "ops", channel: { type: "slack", ...channels["slack"]?.[0] } });
    const { id, outs } = await handlers().create(inputs);
    server.newRun();
    const news = { ...inputs, channel: { type: "discord", ...channels["discord"]?.[0] } };
    await handlers().check(outs, news);
    assert.deepEqual((await handlers().diff(id, outs, news)).replaces, ["channel"]);
  });

  for (const order of ["before", "after"] as const) {
    it(`takes its own for its own when somebody else creates one of its name a moment ${order} it`, async () => {
      const stranger = `https://x.example/${CANARY}-stranger`;
      const inputs = withProvider({ name: "ops", channel: { type: "slack", ...channels["slack"]?.[0] } });
      const { calls, faults } = server.emulator;
      const create = () => calls.find(({ endpoint }) => endpoint === "notification.createSlack");
      const rows = async () =>
        (await rowsOf(server, "Notification", undefined)).map((one) => [
          one["notificationId"],
          one["webhookUrl"],
        ]);
      // Long enough for the calls of somebody else on a busy machine.
      faults.add({ endpoint: "notification.createSlack", delayMs: 1500 });
      const making = handlers()
        .create(inputs)
        .then(
          ({ id }) => id,
          (error: Error) => error,
        );
      await until(() => create() !== undefined);
      if (order === "after") {
        faults.add({ endpoint: "notification.all", delayMs: 1500 });
        await until(() => create()?.status === 200);
      }
      await server.byHand("notification.createSlack", {
        ...modelOf("Notification").mapping.defaults({ name: "ops", channel: { type: "slack" } }),
        ...{ name: "ops", webhookUrl: stranger, channel: "" },
      });
      const outcome = await making;
      const left = await rows();
      if (order === "after") {
        assert.ok(left.some(([id, url]) => id === outcome && url === channels["slack"]?.[0]["webhookUrl"]));
        assert.equal(left.length, 2);
      } else {
        assert.match(String(outcome), /was removed again: another run created one of the same name/);
        assert.deepEqual(
          left.map(([, url]) => url),
          [stranger],
        );
      }
    });
  }

  for (const type of ["gotify", "ntfy"]) {
    const made = { name: "ops", channel: { type, ...channels[type]?.[0] } };

    it(`through ${type} reports a server's thresholds from Dokploy 0.30.5 on, and is refused that before`, async () => {
      const inputs = withProvider({ ...made, serverThreshold: true });
      const { failures } = await handlers().check({}, inputs);
      assert.deepEqual(failures, [
        {
          property: "serverThreshold",
          reason: `is not sent through ${type} by this server: update Dokploy to 0.30.5, or choose another channel`,
        },
      ]);
      assert.deepEqual(await rowsOf(server, "Notification", undefined), []);
    });

    for (const version of ["v0.30.2", "v0.30.5", "v0.30.7"]) {
      it(`through ${type} is created, changed and read back on ${version}`, async () => {
        await server.close();
        server = await startServer({ version });
        for (const serverThreshold of version === "v0.30.2" ? [undefined] : [undefined, true]) {
          const inputs = withProvider({ ...made, ...(serverThreshold ? { serverThreshold } : {}) });
          assert.deepEqual((await handlers().check({}, inputs)).failures, []);
          const { id, outs } = await handlers().create(inputs);
          assert.equal((await row())["serverThreshold"], serverThreshold ?? false);
          server.newRun();
          const news = { ...inputs, appDeploy: true };
          assert.deepEqual((await handlers().check(outs, news)).failures, []);
          const { outs: changed } = await handlers().update(id, outs, news);
          assert.deepEqual((await handlers().read(id, changed)).inputs, news);
          await handlers().delete(id, changed);
        }
      });
    }
  }

  it("with an unknown channel waits for it", async () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const inputs = withProvider({ name: "ops", channel: unknown, serverThreshold: true });
    assert.deepEqual((await handlers().check({}, inputs)).failures, []);
  });
});
