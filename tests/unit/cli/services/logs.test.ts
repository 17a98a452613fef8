import * as assert from "node:assert/strict";
import { runLogs } from "../../../../cli/services";
import type { RunPulumi } from "../../../../cli/stack";
import { UsageError } from "../../../../cli/terminal";
import { DokployError } from "../../../../provider/dokploy";
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
    assert.deepEqual(server.inputs("application.readLogs")[0], {
      applicationId: "service-id-1234567890",
      tail: 3,
      since: "10m",
    });
    printed = [];
    await logs("api --stage test --timestamps", reading(line(1, "first")));
    await logs("api --stage test --timestamps", reading("Error: no such container"));
    assert.deepEqual(printed, [line(1, "first"), "Error: no such container"]);
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

  describe("have no secret that the stack knows", () => {
    const service = (kind: string, name: string, id: string, inputs: object) => {
      const type = `pulumi-nodejs:dynamic/dokploy:${kind}`;
      return { urn: `urn:pulumi:test::shop::${type}::${name}`, type, id, inputs };
    };
    /** The state, which shows its secrets to whoever has the passphrase. */
    function stackOf(resources: readonly object[], withSecrets: readonly object[] | undefined): RunPulumi {
      return async (args) => {
        if (!args.includes("--show-secrets"))
          return { code: 0, stdout: JSON.stringify({ deployment: { resources } }), stderr: "" };
        return withSecrets === undefined
          ? { code: 255, stdout: "", stderr: "error: passphrase must be set" }
          : { code: 0, stdout: JSON.stringify({ deployment: { resources: withSecrets } }), stderr: "" };
      };
    }
    const opened = (value: unknown) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(value),
    });
    const rows: Record<string, Record<string, unknown>> = {};
    const reading = (text: () => string) =>
      new Server({
        "application.one": ({ applicationId }: Record<string, unknown>) => rows[String(applicationId)],
        "application.readLogs": () => text(),
      });
    beforeEach(() => {
      rows["worker"] = { ...api, name: "worker" };
      rows["api"] = { ...api };
    });
    const plain = [service("Application", "worker", "worker", {}), service("Application", "api", "api", {})];

    it("of another service, with the passphrase and without it", async () => {
      const said = line(1, "calls with canary-of-api and canary-of-registry");
      const registry = service("Registry", "hub", "hub", { password: opened("canary-of-registry") });
      rows["api"] = { ...api, env: "SIGNATURE=canary-of-api" };
      await logs(
        "worker",
        reading(() => said),
        stackOf(plain, [...plain, registry]),
      );
      assert.deepEqual(printed.splice(0), ["calls with [secret] and [secret]"]);
      await logs(
        "worker",
        reading(() => said),
        stackOf(plain, undefined),
      );
      assert.deepEqual(printed, ["calls with [secret] and canary-of-registry"]);
    });

    it("that a look finds rotated, before and after", async () => {
      const texts = [
        line(1, "signs with canary-one"),
        line(2, "canary-one and canary-two"),
        line(3, "canary-one"),
      ];
      rows["worker"] = { ...api, name: "worker", env: "SIGNATURE=canary-one" };
      const server = reading(() => {
        const text = texts.shift() ?? "";
        if (texts.length === 1) rows["worker"] = { ...api, name: "worker", env: "SIGNATURE=canary-two" };
        return text;
      });
      await logs("worker -f", server, stackOf(plain, undefined), 2);
      assert.deepEqual(printed, ["signs with [secret]", "[secret] and [secret]", "[secret]"]);
    });

    it("in lines of base64 that looks divide, nor does a line wait longer than a look", async () => {
      const secret = `canary-${"0123456789".repeat(12)}`;
      const row = { ...api, env: `API_TOKEN=${secret}` };
      const encoded = Buffer.from(`user:${secret}\n`).toString("base64");
      const [a = "", b = "", c = ""] = encoded.match(/.{1,76}/g) ?? [];
      const parts = [
        [line(1, "starts"), line(2, a)],
        [line(3, b)],
        [],
        [line(4, c), line(5, "ends with API_TOKEN=cana")],
        [],
        [line(6, "next")],
      ];
      const server = new Server({
        "application.one": row,
        "application.readLogs": () => (parts.shift() ?? []).join("\n"),
      });
      await logs("api -f --stage test", server, undefined, 6);
      const all = printed.join("\n");
      for (let from = 0; from + 12 < encoded.length; from += 4)
        if (from > 8) assert.ok(!all.includes(encoded.slice(from, from + 12)), `${from} in ${all}`);
      assert.equal(printed[0], "starts");
      assert.equal(printed.at(-1), "next");
      assert.ok(printed.includes("ends with API_TOKEN=[secret]"), all);
    });

    it("in the last lines, which wait no longer than the command, and in those of one of several containers", async () => {
      const secret = `canary-${"0123456789".repeat(12)}`;
      const encoded = Buffer.from(`user:${secret}\n`).toString("base64");
      const [first = ""] = encoded.match(/.{1,76}/g) ?? [];
      let isClosed = false;
      const server = new Server({
        "application.one": { ...api, env: `API_TOKEN=${secret}` },
        "application.readLogs": [line(1, "starts"), line(2, first)].join("\n"),
      });
      await runLogs(["api", "-f", "--stage", "test"], {
        pulumi: stack("Application", "api", {}),
        connect: async () => ({
          ...server.api,
          close: () => {
            isClosed = true;
          },
        }),
        print: (text) => printed.push(...text.split("\n")),
        warn: (text) => warned.push(text),
        pause: async () => false,
      });
      assert.ok(isClosed);
      const [starts, last = "", ...more] = printed.splice(0);
      assert.deepEqual([starts, more], ["starts", []]);
      assert.ok(last.includes("[secret]") && !last.includes(first.slice(12, 24)), last);
      const compose = new Server({
        "compose.one": {
          ...api,
          name: "shop",
          composeType: "docker-compose",
          env: "SIGNATURE=canary-of-shop",
        },
        "docker.getContainersByAppNameMatch": ["web-1", "job-1"].map((name) => ({
          ...{ containerId: name, name: `shop-api-1-${name}`, state: "running", status: "Up 5 minutes" },
        })),
        "compose.readLogs": ({ containerId }: Record<string, unknown>) =>
          containerId === "web-1" ? line(1, "signs with canary-of-shop") : "",
      });
      await logs("shop --stage test", compose, stack("Compose", "shop", {}));
      assert.deepEqual([printed, warned], [["web-1 | signs with [secret]"], []]);
    });

    it("in a resolved reference, a build secret, a preview, a mounted file or a login of its image", async () => {
      rows["worker"] = {
        ...api,
        name: "worker",
        env: "URL=amqp://u:${{environment.PW}}@mq",
        buildArgs: "ARG=canary-argument",
        buildSecrets: "NPM=canary-build",
        previewEnv: "A=canary-preview",
        password: "canary-login",
        environment: { env: "PW=ab1", project: { env: "" } },
        mounts: [{ type: "file", mountPath: "/etc/app.yaml", content: "login:\n  word: canary-file\n" }],
        registry: { password: "canary-registry" },
      };
      const words = "amqp://u:ab1@mq canary-argument canary-build canary-preview canary-login canary-file";
      await logs(
        "worker",
        reading(() => line(1, `${words} canary-registry`)),
        stackOf(plain, undefined),
      );
      assert.deepEqual(printed, [Array.from({ length: 7 }, () => "[secret]").join(" ")]);
    });

    it("but what the state has in plain text, and no row is read while nothing is printed", async () => {
      const inputs = { env: { REGION: "eu-central", TITLE: "shop of acme" } };
      const known = [service("Application", "worker", "worker", inputs)];
      rows["worker"] = { ...api, name: "worker", env: 'REGION=eu-central\nTITLE="shop of acme"' };
      const texts = [line(1, "the shop of acme in eu-central")];
      const server = reading(() => texts.shift() ?? "");
      await logs("worker -f", server, stackOf(known, known), 3);
      assert.deepEqual(printed, ["the shop of acme in eu-central"]);
      assert.ok(server.inputs("application.one").length <= 3);
    });

    it("and says so where neither the state nor the service shows them", async () => {
      const refused = new DokployError("no access", {
        ...{ kind: "forbidden", endpoint: "application.one", outcome: "refused" },
      });
      const server = new Server({
        "application.one": ({ applicationId }: Record<string, unknown>) => {
          if (applicationId === "api") throw refused;
          return rows["worker"];
        },
        "application.readLogs": line(1, "one"),
      });
      await logs("worker --stage test", server, stackOf(plain, undefined));
      assert.deepEqual(warned.splice(0), [
        "The key cannot see api, and the secrets of stack test cannot be read (passphrase must be set): secrets of api are not " +
          "masked here.",
      ]);
      await logs("worker", server, stackOf(plain, plain));
      assert.deepEqual(warned, []);
    });
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

  it("of a stack have those of each container, also where a new version has the place of the one before", async () => {
    const names: Record<string, string> = {
      new111111111: "shop-api-1_web.1.newtask",
      old111111111: "shop-api-1_web.1.oldtask",
      job111111111: "shop-api-1_job.1.jobtask",
      // A stack whose name begins in the same way.
      else11111111: "shop-api-12_web.1.othertask",
    };
    const parts: Record<string, string[]> = {
      new111111111: [line(5, "new begins"), line(7, "new goes on")],
      old111111111: [line(1, "old begins"), line(4, "old ends")],
      job111111111: [line(6, "job runs")],
    };
    const server = new Server({
      "compose.one": { ...api, name: "shop", composeType: "stack" },
      "docker.getContainersByAppNameMatch": Object.entries(names).map(([containerId, name]) => ({
        ...{ containerId, name, state: "running", status: "Up 5 minutes" },
      })),
      "compose.readLogs": ({ containerId }: Record<string, unknown>) =>
        parts[String(containerId)]?.join("\n"),
    });
    const compose = stack("Compose", "shop", {});
    await logs("shop --stage test", server, compose);
    assert.deepEqual(printed.splice(0), [
      "web.1 | old begins",
      "web.1 | old ends",
      "web.1 | new begins",
      "job.1 | job runs",
      "web.1 | new goes on",
    ]);
    assert.deepEqual(new Set(server.inputs("compose.readLogs").map(({ composeId }) => composeId)).size, 1);
    for (const container of ["web", "web.1"]) {
      await logs(`shop --stage test --container ${container}`, server, compose);
      assert.deepEqual(
        printed.splice(0),
        ["old begins", "old ends", "new begins", "new goes on"],
        "one name",
      );
    }
  });

  it("of a compose service need a container, which may be chosen by its whole name", async () => {
    let rows: object[] = [];
    const server = new Server({
      "compose.one": { ...api, name: "shop", composeType: "docker-compose" },
      "docker.getContainersByAppNameMatch": () => rows,
      "compose.readLogs": ({ containerId }: Record<string, unknown>) => line(1, String(containerId)),
    });
    const compose = stack("Compose", "shop", {});
    await assert.rejects(logs("shop --stage test", server, compose), {
      constructor: UsageError,
      message: "shop has no container.",
    });
    await assert.rejects(logs("shop --stage test --container web", server, compose), {
      message: "shop has no container web; it has none.",
    });
    rows = ["shop-api-1-web-1", "shop-api-1-web-2", "own-name"].map((name, index) => ({
      ...{ containerId: `id${index}`, name, state: "running", status: "Up 5 minutes" },
    }));
    await logs("shop --stage test --container web-2", server, compose);
    await logs("shop --stage test --container own-name", server, compose);
    assert.deepEqual(printed.splice(0), ["id1", "id2"]);
    await logs("shop --stage test --container web", server, compose);
    assert.deepEqual(printed.splice(0), ["web-1 | id0", "web-2 | id1"]);
    rows = ["shop-api-1-web-2-job-12", "shop-api-1-web-2"].map((name, index) => ({
      ...{ containerId: `id${index}`, name, state: "running", status: "Up 5 minutes" },
    }));
    await logs("shop --stage test --container web-2-job", server, compose);
    assert.deepEqual(printed, ["id0"]);
  });

  it("-f looks back to the last look that succeeded, and says a reason again when it returns", async () => {
    const gone = new Error("No container or service found");
    const answers = [line(1, "a"), gone, gone, line(2, "b"), gone, line(3, "c")];
    const server = reading(...answers);
    const { now } = Date;
    let elapsed = 0;
    Date.now = () => now() + elapsed;
    let left = answers.length - 1;
    try {
      await runLogs(["api", "-f", "--stage", "test"], {
        pulumi: stack("Application", "api", {}),
        connect: async () => ({ ...server.api, close: () => {} }),
        print: (text) => printed.push(...text.split("\n")),
        warn: (text) => warned.push(text),
        pause: async () => {
          elapsed += 60_000;
          return left-- > 0;
        },
      });
    } finally {
      Date.now = now;
    }
    assert.deepEqual(
      [printed, warned],
      [
        ["a", "b", "c"],
        [gone.message, gone.message],
      ],
    );
    const looks = server.inputs("application.readLogs");
    assert.deepEqual([looks[0]?.["tail"], looks[1]?.["tail"]], [100, 10_000]);
    const minutes = looks.slice(1).map(({ since }) => Math.floor(Number.parseInt(String(since), 10) / 60));
    assert.deepEqual(minutes, [1, 2, 3, 1, 2]);
  });

  it("says that lines are missing where Dokploy returns no more, and that there is no such service", async () => {
    const many = Array.from({ length: 10_001 }, (_, index) => line(1, "x", index)).join("\n");
    await logs("api --stage test --tail 10000", reading(many));
    assert.deepEqual(warned.splice(0), ["api printed more than 10000 lines: some are missing here."]);
    await logs("api --stage test --tail 10000", reading(many.slice(0, many.lastIndexOf("\n"))));
    assert.deepEqual(warned, []);
    const nothing = new Server({
      "application.one": () => {
        throw new DokployError("no such", {
          ...{ kind: "not-found", endpoint: "application.one", outcome: "refused", gone: true },
        });
      },
    });
    await assert.rejects(logs("api --stage test", nothing), {
      constructor: UsageError,
      message: "Dokploy no longer has the service api.",
    });
  });

  it("refuses options that Dokploy would not take", async () => {
    const fine = [
      "--tail 1",
      "--tail 10000",
      "--since 30s",
      "--since 999999m",
      "--since 2h",
      "--since 1d",
      "--since all",
    ];
    for (const given of fine) await logs(`api ${given}`, reading(line(1, "a")));
    assert.deepEqual(
      printed,
      fine.map(() => "a"),
    );
    for (const [command, message] of [
      ["api --tail 0", /--tail takes a number from 1 to 10000, not "0"/],
      ["api --tail 10001", /--tail takes a number/],
      ["api --tail 1e9", /--tail takes a number/],
      ["api --tail 1.5", /--tail takes a number/],
      ["api --since 1000000s", /--since takes a time/],
      ["api --since 5", /--since takes a time/],
      ["api --since 5w", /--since takes a time/],
      ["api --since x5s", /--since takes a time/],
      ["api --since 5sx", /--since takes a time/],
      ["api --since yesterday", /--since takes a time like 30s, 10m, 2h or 1d, not "yesterday"/],
      ["api --container web --stage test", /--container is for compose services; api has one log/],
      ["api web --stage test", /logs takes one service/],
    ] as const) {
      await assert.rejects(logs(command, reading()), message);
    }
  });
});
