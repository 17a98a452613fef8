import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { DokployError, type Outcome } from "../../../../provider/dokploy/errors";
import { type Holder, settleName } from "../../../../provider/engine/adoption/claim";
import {
  agreed,
  foreignIn,
  foreignToStack,
  type HeldText,
  unconfirmedOf,
} from "../../../../provider/engine/adoption/foreign";
import { isAmbiguous, namesakes, readEnvironment } from "../../../../provider/engine/adoption/naming";
import { knownChanges, named, overwrittenBy } from "../../../../provider/engine/adoption/overwriting";
import { refuseDoubtful, saveAndVerify } from "../../../../provider/engine/adoption/saving";
import { writeEnv } from "../../../../provider/env";
import { Run } from "../../../../provider/lifecycle";
import { explainId, noSuch } from "../../../../provider/lifecycle/wrong-id";
import { applicationSchema } from "../../../../provider/resources";
import { type Change, Mapping } from "../../../../provider/schema";

const failure = (outcome: Outcome) =>
  new DokployError(`it was ${outcome}`, { kind: "server", endpoint: "application.update", outcome });

describe("a name that several new objects have", () => {
  /** Ids of the objects that are there once the run of each has looked at all of them. */
  async function left(holders: readonly Holder[], isAsMade = true) {
    const ids = new Set(holders.map(({ id }) => id));
    const messages: string[] = [];
    for (const { id } of holders)
      await settleName({
        ...{ id, label: `project "shop" (${id})`, outputs: {} },
        holders: async () => holders,
        isAsMade: async () => isAsMade,
        remove: async () => ids.delete(id),
        refuse: async () => assert.fail("take it over"),
      }).catch((error: Error) => messages.push(error.message));
    return { ids: [...ids], messages };
  }
  const at = (id: string, second?: number): Holder => ({
    id,
    createdAt: second === undefined ? undefined : `2026-01-01T00:00:0${second}.000Z`,
  });

  it("stays with the oldest one, of two of one moment with the first by id, and with none where nobody knows", async () => {
    assert.deepEqual((await left([at("b", 1), at("a", 2), at("c", 3)])).ids, ["b"]);
    for (const holders of [
      [at("a", 1), at("b", 1)],
      [at("b", 1), at("a", 1)],
    ])
      assert.deepEqual((await left(holders)).ids, ["a"]);
    assert.deepEqual((await left([at("a"), at("b")])).ids, []);
    assert.deepEqual(await left([at("a")]), { ids: ["a"], messages: [] });
  });

  it("is said by the run that gives way, with the other object", async () => {
    const { messages } = await left([at("a", 1), at("b", 2)]);
    assert.deepEqual(messages, [
      'The project "shop" (b) was removed again: another run created one of the same name at the same moment (a). ' +
        "take it over",
    ]);
    const changed = await left([at("a", 1), at("b", 2)], false);
    assert.deepEqual(changed.ids, ["a", "b"]);
    assert.match(
      changed.messages.join(),
      /The new one is not removed, since somebody has changed it meanwhile/,
    );
  });
});

describe("a save that fails", () => {
  const place = "application/a";

  /** What comes of a save, and what it leaves in doubt. */
  async function save(
    error: Error | undefined,
    isSaved: boolean | Error = false,
    options: { refused?: (reason: DokployError) => Promise<Error> } = {},
  ) {
    const run = new Run();
    let looks = 0;
    const write = {
      async send() {
        if (error) throw error;
      },
      async isThere() {
        looks += 1;
        if (isSaved instanceof Error) throw isSaved;
        return isSaved;
      },
      unfinished: (reason: Error) => new Error(`unfinished: ${reason.message}`),
      ...options,
    };
    const end = await saveAndVerify(write, place, run).then(
      () => "saved",
      (thrown: Error) => thrown.message,
    );
    return [end, looks, run.ownership.isDoubtful(place)];
  }

  it("is looked after if the server may have acted, or have refused what it saved", async () => {
    assert.deepEqual(await save(undefined), ["saved", 0, false]);
    assert.deepEqual(await save(failure("unknown"), true), ["saved", 1, false]);
    assert.deepEqual(await save(failure("unknown"), false), ["unfinished: it was unknown", 1, true]);
    assert.deepEqual(await save(failure("unknown"), failure("not-sent")), [
      "unfinished: it was unknown",
      1,
      true,
    ]);
    assert.deepEqual(await save(failure("refused"), true), ["saved", 1, false]);
    assert.deepEqual(await save(failure("refused"), false), ["it was refused", 1, false]);
  });

  it("is an error where it was not sent, or is a fault of ours, and nobody looks", async () => {
    assert.deepEqual(await save(failure("not-sent"), true), ["it was not-sent", 0, false]);
    assert.deepEqual(await save(new TypeError("ours"), true), ["ours", 0, false]);
  });

  it("is an error in any case if a refusal counts", async () => {
    const final = { refused: async (reason: DokployError) => new Error(`final: ${reason.message}`) };
    assert.deepEqual(await save(failure("refused"), true, final), ["final: it was refused", 0, false]);
    assert.deepEqual(await save(failure("unknown"), true, final), ["saved", 1, false]);
    assert.deepEqual(await save(failure("unknown"), false, final), ["unfinished: it was unknown", 1, true]);
  });

  it("keeps others of the run from the same place", () => {
    const run = new Run();
    refuseDoubtful(place, run);
    run.ownership.doubt(place);
    assert.throws(
      () => refuseDoubtful(place, run),
      /^UserError: Nothing was saved, .* at the same place \(application\/a\) was lost in this run/,
    );
    refuseDoubtful("application/b", run);
  });

  it("is uncertain only if no response came", () => {
    assert.deepEqual(
      [failure("unknown"), failure("refused"), failure("not-sent"), new Error("x"), undefined].map(
        isAmbiguous,
      ),
      [true, false, false, false, false],
    );
  });

  it("finds a new object by its name, if the name is unique", async () => {
    const row = {
      applications: [
        { applicationId: "a1", name: "web" },
        { applicationId: "a2", name: "twin" },
        { applicationId: "a3", name: "twin" },
      ],
      compose: [{ composeId: "c1", name: "web" }],
    };
    const api = { call: async () => row } as never;
    const found = async (kind: "application" | "compose", name: string) =>
      (await namesakes(kind, { name, environmentId: "e" }, api)).map(({ id }) => id);
    assert.deepEqual(await found("application", "web"), ["a1"]);
    assert.deepEqual(await found("compose", "web"), ["c1"]);
    assert.equal((await found("application", "twin")).length, 2);
    assert.deepEqual(await found("compose", "none"), []);
  });

  it("is looked for in an environment that is read once for all, and again after a read that failed", async () => {
    const answers: (object | Error)[] = [failure("unknown"), { name: "production" }];
    let reads = 0;
    const api = {
      call: async () => {
        const answer = answers[reads];
        reads += 1;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as never;
    await assert.rejects(readEnvironment("e", api), /it was unknown/);
    for (let times = 0; times < 3; times += 1)
      assert.deepEqual(await readEnvironment("e", api), { name: "production" });
    assert.equal(reads, 2);
  });
});

describe("what a program takes away that it did not give", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  it("is said by name", () => {
    const keys = { added: ["N"], changed: ["C", "D"], removed: ["R"] };
    assert.deepEqual(named("env", keys), ["removes R", "changes C, D"]);
    assert.deepEqual(named("buildArgs", keys), ["buildArgs removes R", "buildArgs changes C, D"]);
    assert.deepEqual(named("env", { ...keys, changed: [], removed: [] }), []);
  });

  it("excludes unknown values", () => {
    assert.deepEqual(knownChanges({ A: "1", B: "1", C: "1" }, { A: unknown, B: "2" }), {
      added: [],
      changed: ["B"],
      removed: ["C"],
    });
    assert.deepEqual(knownChanges({ A: "1" }, unknown), { added: [], changed: [], removed: [] });
    assert.deepEqual(knownChanges({ A: "1" }, undefined), { added: [], changed: [], removed: [] });
  });

  it("is that of the texts which it gives from now on", () => {
    const mapping = new Mapping(applicationSchema);
    const row = { env: "# by hand\nA=1\nB=1", buildArgs: "X=1" };
    const lost = (olds: object, news: object) =>
      overwrittenBy(news, mapping.changes(olds, news), row, mapping);
    assert.deepEqual(lost({}, { env: { A: "2" }, buildArgs: { X: "1" } }), ["removes B", "changes A"]);
    assert.deepEqual(lost({ env: {} }, { env: {}, buildArgs: {} }), ["buildArgs removes X"]);
    assert.deepEqual(lost({ env: { A: "1" } }, { env: { A: "2" }, replicas: 2 }), []);
  });
});

describe("what somebody else set or removed in a text of variables", () => {
  const text = { path: "env", dialect: "application", known: [{ A: "1", B: "1" }] } as const;
  const lost = (more: Partial<HeldText>, unconfirmed: string[] = [], isUnrecorded = false) =>
    foreignIn([{ ...text, text: "", wanted: {}, ...more }], {
      inputs: {},
      outputs: { unconfirmed },
      isUnrecorded,
    }).map(({ keys, isRefreshed }) => ({
      ...(keys.added.length > 0 ? { added: keys.added.join() } : {}),
      changed: keys.changed.join(),
      removed: keys.removed.join(),
      isRefreshed,
    }));
  const live = "A=1\nB=2\nC=3";

  it("is what neither the state has nor the program asks for", () => {
    assert.deepEqual(lost({ text: live, wanted: { A: "9", B: "3" } }), [
      { changed: "B", removed: "C", isRefreshed: true },
    ]);
    assert.deepEqual(lost({ text: live, wanted: { A: "9", B: "2", C: "3" } }), []);
    assert.deepEqual(
      lost({ text: "A=1", wanted: { A: "9", B: "9", C: "9" } }),
      [{ added: "B", changed: "", removed: "", isRefreshed: true }],
      "one that is gone is set again, and a new one is none",
    );
    assert.deepEqual(lost({ text: "A=1", wanted: { A: "9" } }), [], "nobody sets again what is gone");
    assert.deepEqual(
      lost({ text: live, wanted: runtime.unknownValue }),
      [],
      "what is not known yet, the update tells",
    );
  });

  it("includes only its own names if others own the rest", () => {
    assert.deepEqual(lost({ text: live, wanted: {}, isPart: true }), [
      { changed: "", removed: "B", isRefreshed: true },
    ]);
    assert.deepEqual(lost({ text: live, wanted: { A: "1", C: "4" }, known: [{ A: "1" }], isPart: true }), [
      { changed: "C", removed: "", isRefreshed: false },
    ]);
  });

  it("is nothing that this package may have saved", () => {
    const all = { text: live, wanted: { A: "9" } };
    assert.deepEqual(lost(all, ["env.B", "env.C"]), []);
    assert.deepEqual(lost(all, ["buildArgs.B"]), [{ changed: "", removed: "B,C", isRefreshed: true }]);
    assert.deepEqual(lost({ ...all, known: [{ A: "1" }, undefined, { B: "2", C: "3" }] }), []);
  });

  it("is nothing that a killed run of the stack may have saved", () => {
    const interrupted = { A: "2", C: "3" };
    assert.deepEqual(lost({ text: "A=2\nC=3", wanted: { A: "9", B: "9" }, interrupted }), []);
    assert.deepEqual(lost({ text: "A=3\nC=4", wanted: { A: "9" }, interrupted }), [
      { changed: "A", removed: "C", isRefreshed: true },
    ]);
    // It had not saved anything yet, and somebody else removed a variable.
    assert.deepEqual(lost({ text: "A=1", wanted: { A: "9", B: "9" }, interrupted: { A: "2", B: "1" } }), [
      { added: "B", changed: "", removed: "", isRefreshed: true },
    ]);
  });

  it("is not said of somebody else alone where a run was killed", async () => {
    const saved = { ...text, text: "A=3", wanted: { A: "9" } };
    const olds = { inputs: {}, outputs: {}, interrupted: async () => ({ env: { A: "2" } }) };
    const found = await foreignToStack([saved], olds);
    assert.throws(
      () => agreed('application "web"', found, {}),
      /somebody else, or a run that was killed, set variables of the application "web"/,
    );
    assert.deepEqual(await foreignToStack([{ ...saved, text: "A=2" }], olds), []);
  });

  it("is no removal by the state of 0.1.0, where a save of this package may have failed before it", () => {
    const gone = { text: "A=1\nC=3", wanted: { A: "9", B: "9" } };
    assert.deepEqual(lost(gone), [{ added: "B", changed: "", removed: "C", isRefreshed: true }]);
    assert.deepEqual(lost(gone, [], true), [{ changed: "", removed: "C", isRefreshed: true }]);
  });

  it("is nothing that another version of Dokploy only reads in another way", () => {
    const dialects = ["compose", "compose-unquoted", "compose-templates"] as const;
    for (const dialect of dialects) {
      const written = writeEnv({ A: "a$b '#' ${C}" }, dialect);
      for (const now of dialects) {
        const known = [{ A: "a$b '#' ${C}" }];
        assert.deepEqual(
          lost({ text: written, dialect: now, known, wanted: { A: "x" } }),
          [],
          `${dialect} ${now}`,
        );
      }
    }
  });

  it("is remembered for a save without a response, with the earlier values", () => {
    const change = {
      path: "env",
      keys: { added: ["N"], changed: ["C"], removed: ["R"] },
    } as unknown as Change;
    const other = { path: "ports", keys: { added: ["80"], changed: [], removed: [] } } as unknown as Change;
    assert.deepEqual(unconfirmedOf([change, other], ["env"], { unconfirmed: ["env.A", "env.C"] }), {
      unconfirmed: ["env.A", "env.C", "env.N", "env.R"],
    });
    assert.deepEqual(unconfirmedOf([other], ["env"]), {});
  });
});

describe("what an id is instead", () => {
  const projects = [
    {
      projectId: "p1",
      name: "shop",
      environments: [
        { environmentId: "e1", name: "staging", applications: [{ applicationId: "a1", name: "web" }] },
        {
          environmentId: "e2",
          name: "production",
          isDefault: true,
          applications: [
            { applicationId: "a2", name: "web" },
            { applicationId: "a3", name: "web" },
            { applicationId: "a4", name: "web" },
            { name: "no id" },
          ],
          compose: [{ composeId: "c1", name: "wiki" }],
          postgres: [{ postgresId: "db1" }],
          other: "text",
        },
      ],
    },
    { projectId: "p2", name: "empty" },
    { projectId: "p3", name: "plain", environments: [{ environmentId: "e3", name: "production" }] },
  ];
  const api = { call: async () => projects } as never;
  const reported = async (wanted: Parameters<typeof noSuch>[0], id: string) =>
    (await noSuch(wanted, id, api)).replace(/^Dokploy has no .* \(or this key cannot see it\)(?:: )?/, "");

  it("is reported by kind, with the id to give instead", async () => {
    assert.equal(
      await reported("environment", "p1"),
      'that is the id of the project "shop"; use the project\'s defaultEnvironmentId (e2)',
    );
    assert.match(await reported("environment", "p3"), /defaultEnvironmentId \(e3\)$/);
    assert.match(await reported("environment", "p2"), /defaultEnvironmentId \(\)$/);
    assert.equal(
      await reported("environment", "c1"),
      'that is the id of the compose service "wiki"; its environment is e2',
    );
    assert.equal(
      await reported("project", "db1"),
      'that is the id of a Postgres database; its project is p1 ("shop")',
    );
    assert.equal(
      await reported("application", "e1"),
      'that is the id of the environment "staging"; give it as environmentId, or the id of an application',
    );
  });

  it("is neither of its own kind nor missing", async () => {
    assert.equal(await reported("application", "a1"), "");
    assert.equal(await reported("application", "zz"), "");
    assert.equal(
      await noSuch("compose", "zz", api),
      "Dokploy has no compose service zz (or this key cannot see it)",
    );
  });

  it("is a name, with the ids that have it", async () => {
    assert.equal(await reported("compose", "wiki"), "that is the name of a compose service; give its id c1");
    assert.equal(
      await reported("application", "web"),
      "that is the name of an application; give one of its ids (a1, a2, a3 …)",
    );
    assert.equal(
      await reported("environment", "production"),
      "that is the name of an environment; give one of its ids (e2, e3)",
    );
    assert.equal(await reported("compose", "web"), "");
  });

  it("is reported at the input that takes such an id, and at the option import", async () => {
    const at = (path: string[], text: string, kind = "Application") => explainId(kind, path, text, { api });
    const name = "that is the name of a compose service; give its id c1";
    assert.equal(await at(["target", "composeId"], "wiki"), name);
    assert.equal(await at(["import"], "wiki"), undefined);
    assert.match((await at(["import"], "web")) ?? "", /^that is the name of an application/);
    assert.equal(await at(["serverId"], "wiki"), undefined);
    assert.equal(await at(["import"], "web", "Deployment"), undefined);
  });

  it("is not reported if nobody may look, and no other fault is hidden", async () => {
    const failing = (error: Error) =>
      ({
        call: async () => {
          throw error;
        },
      }) as never;
    assert.equal(
      await noSuch("compose", "p1", failing(failure("refused"))),
      "Dokploy has no compose service p1 (or this key cannot see it)",
    );
    await assert.rejects(noSuch("compose", "p1", failing(new TypeError("ours"))), /ours/);
  });
});
