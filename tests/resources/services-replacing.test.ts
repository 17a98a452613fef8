import * as assert from "node:assert/strict";
import { DokployError } from "../../provider/dokploy";
import { assertNothingLost } from "../../provider/engine/services/replacing";
import { CheckFailedError } from "../../provider/errors";
import { inState } from "./server";
import { type Answers, type Inputs, type models, serviceAlone } from "./services-alone";

type Values = Record<string, unknown>;
type Kind = keyof typeof models;

const inputs: Inputs = { name: "api", environmentId: "env" };
const former: Readonly<Record<Kind, Inputs>> = {
  application: { ...inputs, source: { type: "docker", image: "acme/api:1" } },
  compose: { ...inputs, source: { type: "raw", composeFile: "services: {}" } },
  postgres: { ...inputs, database: "d", user: "u" },
};

describe("what the replacement of a service would lose", () => {
  interface Given {
    readonly kind?: Kind;
    /** Columns that somebody changed. */
    readonly row?: Values;
    readonly olds?: Values;
    readonly news?: Values;
    readonly answers?: Answers;
    readonly stack?: ReturnType<typeof inState>[];
    readonly features?: string[];
  }
  async function replaced({
    kind = "application",
    row = {},
    olds = {},
    news = {},
    features,
    ...more
  }: Given) {
    const own = { ...former[kind], ...olds };
    const world = serviceAlone(kind, own, { ...more, more: { features } });
    Object.assign(world.row, row);
    const agreement = { ...own, ...news };
    const reasons = await assertNothingLost(
      world.model,
      { id: "id", inputs: own },
      agreement,
      world.context,
    ).then(
      () => [],
      (error: unknown) => {
        assert.ok(error instanceof CheckFailedError, String(error));
        return error.problems.map(({ property, reason }) => `${property}${reason}`);
      },
    );
    return { reasons, said: world.said, log: world.log };
  }
  const lost = async (given: Given) => {
    const { reasons } = await replaced(given);
    return reasons.map((reason) => /what others gave the former one: (.*)\. Undo/.exec(reason)?.[1]);
  };

  it("is said whole, with what the program may set", async () => {
    const row = { env: "HAND=1" };
    const says = (noun: string, option: string, name = "api") =>
      `this change deletes the ${noun} "${name}" (id) and creates a new one. The new ${noun} lacks what others gave the ` +
      "former one: the variable HAND. Undo the change; or add these to the program, or make sure that nobody needs " +
      `them, and set ${option}`;
    assert.deepEqual((await replaced({ row })).reasons, [says("application", "allowReplacement: true")]);
    assert.deepEqual((await replaced({ row, kind: "compose" })).reasons, [
      says("compose service", "allowReplacement: true"),
    ]);
    assert.deepEqual((await replaced({ row, kind: "postgres" })).reasons, [
      says("Postgres database", 'allowReplacementOf: "api"'),
    ]);
    const odd = { ...row, name: "a\u009b" };
    assert.deepEqual((await replaced({ row: odd, kind: "postgres" })).reasons, [
      says("Postgres database", `allowReplacementOf: ${JSON.stringify("a\\x9b")}`, "a\\x9b"),
    ]);
  });

  it("is a warning where the program agrees, to a database by its name in Dokploy", async () => {
    const row = { env: "HAND=1" };
    const agreed = async (kind: Kind, news: Values, name = "api") => {
      const { reasons, said } = await replaced({ kind, row: { ...row, name }, news });
      return reasons.length === 0 ? said : undefined;
    };
    assert.deepEqual(await agreed("application", { allowReplacement: true }), [
      'warning data The application "api" (id) is replaced. The new application lacks what others gave the former one: ' +
        "the variable HAND.",
    ]);
    assert.equal((await agreed("postgres", { allowReplacementOf: "api" }))?.length, 1);
    assert.equal((await agreed("postgres", { allowReplacementOf: "renamed" }, "renamed"))?.length, 1);
    for (const news of [
      { allowReplacementOf: "other" },
      { allowReplacementOf: undefined },
      { allowReplacement: false },
    ])
      assert.equal(await agreed("postgres", news), undefined, JSON.stringify(news));
    assert.equal(await agreed("postgres", { allowReplacementOf: "api" }, "renamed"), undefined);
  });

  it("is nothing, and nothing is said, for a service that nobody else touched, or that is gone", async () => {
    for (const kind of ["application", "compose", "postgres"] as const)
      for (const news of [{}, { allowReplacement: true, allowReplacementOf: "api" }]) {
        const { reasons, said } = await replaced({ kind, news });
        assert.deepEqual([reasons, said], [[], []], kind);
      }
    const endpoint = "application.one";
    const answers = {
      [endpoint]() {
        throw new DokployError("gone", { kind: "not-found", endpoint, outcome: "refused", gone: true });
      },
    };
    const { reasons, said, log } = await replaced({ answers });
    assert.deepEqual([reasons, said, log.length], [[], [], 1]);
  });

  it("is each variable, in the words for one and for more, and each line", async () => {
    const olds = { env: { MINE: "1" } };
    const of = async (row: Values) => await lost({ row, olds });
    assert.deepEqual(await of({ env: "MINE=1\nA=1" }), ["the variable A"]);
    assert.deepEqual(await of({ env: "MINE=1\nA=1\nB=2" }), ["the variables A, B"]);
    assert.deepEqual(await of({ env: "MINE=1" }), []);
    assert.deepEqual(await of({ env: "MINE=by hand" }), ["the variable MINE"], "with another value");
    assert.deepEqual(await of({ env: "MINE=1", buildArgs: "ARG=1\nMORE=1" }), [
      "the variables buildArgs ARG, MORE",
    ]);
    assert.deepEqual(await of({ env: "A=1", buildSecrets: "S=1" }), [
      "the variable A; the variable buildSecrets S",
    ]);
    assert.deepEqual(await of({ env: "# text\nMINE=1\nA=1\n# more" }), [
      "the variable A; the comments or other text in lines 1, 4",
    ]);
  });

  it("leaves out what blocks of the stack have in this service", async () => {
    const block = (id: string, env: "all" | string[], more: object = {}) =>
      inState("EnvironmentBlock", "block", id, { variables: { env }, ...more });
    const row = { env: "# text\nA=1\nB=1" };
    const all = "the variables A, B; the comments or other text in line 1";
    const of = async (...stack: ReturnType<typeof block>[]) => await lost({ row, stack });
    assert.deepEqual(await of(), [all]);
    assert.deepEqual(await of(block("application/id", "all")), []);
    assert.deepEqual(await of(block("application/id", ["A"])), [all.replace("variables A, B", "variable B")]);
    assert.deepEqual(await of(block("application/id", ["A"]), block("application/id", ["B"])), [
      "the comments or other text in line 1",
    ]);
    assert.deepEqual(await of(block("application/id", ["A"]), block("application/id", "all")), []);
    assert.deepEqual(await of(block("application/id", "all", { isWaiting: true })), []);
    for (const other of ["application/other", "compose/id"])
      assert.deepEqual(await of(block(other, "all")), [all], other);
  });

  it("is each schedule and backup that no resource of the stack has, of its kind of service", async () => {
    const answers: Answers = {
      "schedule.list": () => [
        { scheduleId: "s1", name: "own" },
        { scheduleId: "s2", name: "theirs\u009b" },
      ],
      "volumeBackups.list": () => [{ volumeBackupId: "v1", name: "weekly" }],
    };
    const stack = [inState("Schedule", "own", "s1"), inState("Backup", "of another kind", "s2")];
    const row = { backups: [{ backupId: "b1", database: "shop" }] };
    const of = async (kind: Kind) => {
      const { reasons, log } = await replaced({ kind, answers, stack, row });
      const [reason = ""] = reasons;
      const asked = log.filter(([endpoint]) => /schedule|volumeBackups/.test(endpoint));
      return { lost: /former one: (.*)\. Undo/.exec(reason)?.[1], asked: asked.map(([, input]) => input) };
    };
    const backups = "the Backup of shop; the VolumeBackup weekly";
    for (const kind of ["application", "compose"] as const)
      assert.deepEqual(await of(kind), {
        lost: `the Schedule theirs\\x9b; ${backups}`,
        asked: [
          { id: "id", scheduleType: kind },
          { id: "id", volumeBackupType: kind },
        ],
      });
    assert.deepEqual(await of("postgres"), {
      lost: backups,
      asked: [{ id: "id", volumeBackupType: "postgres" }],
    });
  });

  it("is all of it at once: variables, parts, and tasks", async () => {
    const row = {
      env: "A=1",
      ports: [{ portId: "p1", publishedPort: 8080, targetPort: 80, protocol: "tcp", publishMode: "ingress" }],
    };
    const answers = { "schedule.list": () => [{ scheduleId: "s", name: "nightly" }] };
    assert.deepEqual(await lost({ row, answers }), [
      "the variable A; the Port 8080/tcp; the Schedule nightly",
    ]);
    const ports = { web: { publishedPort: 8080, targetPort: 80 } };
    assert.deepEqual(await lost({ row, olds: { ports } }), ["the variable A"], "its own port");
    assert.deepEqual(await lost({ row, stack: [inState("Port", "web", "p1")] }), ["the variable A"]);
  });

  it("is read as the version of Dokploy does, also where the program never gave variables", async () => {
    // Up to 0.29 Dokploy wrote what a program gave without quotes.
    const row = { env: 'A="1"' };
    for (const features of [["compose.env.quoted"], []])
      assert.deepEqual(await lost({ kind: "compose", row, features }), ["the variable A"]);
    const olds = { env: { A: "1 # x" } };
    const { row: written } = serviceAlone("compose", { ...former.compose, ...olds });
    assert.deepEqual(
      await lost({ kind: "compose", row: { env: written.env }, olds, features: ["compose.env.quoted"] }),
      [],
    );
  });
});
