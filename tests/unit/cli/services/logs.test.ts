import * as assert from "node:assert/strict";
import { runLogs } from "../../../../cli/services";
import type { RunPulumi } from "../../../../cli/stack";
import { UsageError } from "../../../../cli/terminal";
import { Server, shared } from "../server";

const secretMark = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "x",
};
const at = (second: number, nanos = 0) =>
  `2026-11-30T18:00:${String(second).padStart(2, "0")}.${String(nanos).padStart(9, "0")}Z`;
const line = (second: number, text: string, nanos = 0) => `${at(second, nanos)} ${text}`;

describe("logs", () => {
  let printed: string[];
  let warned: string[];
  beforeEach(() => {
    printed = [];
    warned = [];
  });

  function stack(kind: string, name: string, inputs: object): RunPulumi {
    const type = `pulumi-nodejs:dynamic/dokploy:${kind}`;
    const resources = [
      { urn: `urn:pulumi:test::shop::${type}::${name}`, type, id: "service-id-1234567890", inputs },
    ];
    return async () => ({ code: 0, stdout: JSON.stringify({ deployment: { resources } }), stderr: "" });
  }

  /** Runs the command; each further look of `--follow` gets the next answers. */
  async function logs(command: string, server: Server, pulumi = stack("Application", "api", {}), looks = 0) {
    let left = looks;
    await runLogs(command.split(" "), {
      pulumi,
      connect: async () => ({ ...server.api, close: () => {} }),
      print: (text) => printed.push(...text.split("\n")),
      warn: (text) => warned.push(text),
      pause: async () => left-- > 0,
    });
  }

  const api = { name: "api", appName: "shop-api-1", env: "", environment: shared };
  const reading = (...parts: (string | Error)[]) =>
    new Server({
      "application.one": api,
      "application.readLogs": () => {
        const part = parts.shift();
        if (part instanceof Error) throw part;
        return part;
      },
    });

  it("prints the lines in the order of Docker's times, without them", async () => {
    const server = reading([line(2, "second"), line(1, "first"), line(3, "third"), ""].join("\n"));
    await logs("api --stage test --tail 3 --since 10m", server);
    assert.deepEqual(printed, ["first", "second", "third"]);
    const [, [, input]] = server.calls as [unknown, [string, object]];
    assert.deepEqual(input, { applicationId: "service-id-1234567890", tail: 3, since: "10m" });
    printed = [];
    await logs("api --stage test --timestamps", reading(line(1, "first")));
    assert.deepEqual(printed, [line(1, "first")]);
  });

  it("says that a service has printed nothing", async () => {
    await logs("api", reading(""));
    await logs("api --since 10m", reading("\n"));
    assert.deepEqual(printed, []);
    assert.deepEqual(warned, ["api has printed nothing.", "api has printed nothing in the last 10m."]);
  });

  it("-f prints each line once although looks overlap, and none from before the first", async () => {
    const server = reading(
      [line(3, "c"), line(4, "d")].join("\n"),
      // The look goes back further than the first one, and a line arrives late.
      [line(1, "a"), line(2, "b"), line(3, "c"), line(4, "d"), line(3, "late", 5), line(5, "e")].join("\n"),
      [line(4, "d"), line(5, "e"), line(5, "e", 1)].join("\n"),
    );
    await logs("api -f --stage test --tail 2", server, undefined, 2);
    assert.deepEqual(printed, ["c", "d", "late", "e", "e"]);
    const since = server.inputs("application.readLogs").map((input) => input["since"]);
    assert.deepEqual(since[0], "all");
    assert.match(String(since[1]), /^1[01]s$/);
  });

  it("-f says once why there is nothing to read, and continues", async () => {
    const gone = new Error("No container or service found");
    await logs("api -f --stage test", reading(line(1, "a"), gone, gone, line(2, "b")), undefined, 3);
    assert.deepEqual([printed, warned], [["a", "b"], [gone.message]]);
  });

  it("masks secrets of the state, passwords, and what looks like a secret, and strips control characters", async () => {
    const server = new Server({
      "application.one": {
        ...api,
        env: "GREETING=salute-canary-1\nAPI_TOKEN=looks-canary-2\nLEVEL=debug",
        environment: { env: "SHARED_PASSWORD=shared-canary-3", project: { env: "" } },
      },
      "application.readLogs": [
        line(1, "greets with salute-canary-1 at debug"),
        line(2, "\u001b[31mtoken looks-canary-2\u001b[0m \u0007shared-canary-3"),
      ].join("\n"),
    });
    await logs(
      "api --stage test",
      server,
      stack("Application", "api", { env: { GREETING: secretMark, LEVEL: "debug" } }),
    );
    assert.deepEqual(printed, ["greets with [secret] at debug", "token [secret] [secret]"]);
  });

  it("of a database come from its own kind, without its password", async () => {
    const server = new Server({
      "postgres.one": { ...api, name: "db", databasePassword: "canary-pass" },
      "postgres.readLogs": line(1, "password is canary-pass"),
    });
    await logs("db --stage test", server, stack("Postgres", "db", {}));
    assert.deepEqual(printed, ["password is [secret]"]);
  });

  it("of a compose service have the names of its containers, and may be those of one", async () => {
    let isSilent = false;
    const up = { state: "running", status: "Up 5 minutes" };
    const server = new Server({
      "compose.one": { ...api, name: "shop", composeType: "docker-compose" },
      "docker.getContainersByAppNameMatch": [
        { containerId: "web111111111", name: "shop-api-1-web-1", ...up },
        // A migration that ended well has a log too.
        {
          containerId: "job111111111",
          name: "shop-api-1-job-1",
          state: "exited",
          status: "Exited (0) 1 minute ago",
        },
      ],
      "compose.readLogs": ({ containerId }: Record<string, unknown>) =>
        containerId === "web111111111"
          ? [line(1, "one"), line(3, "three")].join("\n")
          : isSilent
            ? ""
            : line(2, "two"),
    });
    const compose = stack("Compose", "shop", {});
    await logs("shop --stage test", server, compose);
    assert.deepEqual(printed, ["web-1 | one", "job-1 | two", "web-1 | three"]);
    printed = [];
    await logs("shop --stage test --container job", server, compose);
    assert.deepEqual(printed, ["two"]);
    isSilent = true;
    await logs("shop --stage test --container job --since 10m", server, compose);
    assert.deepEqual(warned, ["The container job of shop has printed nothing in the last 10m."]);
    await assert.rejects(logs("shop --stage test --container db", server, compose), {
      constructor: UsageError,
      message: "shop has no container db; it has web-1, job-1.",
    });
  });

  it("refuses options that Dokploy would not take", async () => {
    for (const [command, message] of [
      ["api --tail 0", /--tail takes a number from 1 to 10000, not "0"/],
      ["api --tail 1e9", /--tail takes a number/],
      ["api --since yesterday", /--since takes a time like 30s, 10m, 2h or 1d, not "yesterday"/],
      ["api --container web --stage test", /--container is for compose services; api has one log/],
      ["api web --stage test", /logs takes one service/],
    ] as const) {
      await assert.rejects(logs(command, reading()), message);
    }
  });
});
