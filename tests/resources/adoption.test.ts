import * as assert from "node:assert/strict";
import { type Api, Companions, DokployError } from "../../provider/dokploy";
import { existingToAdopt, refuseFixed } from "../../provider/engine/adoption/adoptable";
import { createdAtOf, type Holder, settleName } from "../../provider/engine/adoption/claim";
import { previewLostVariables, refuseForeign } from "../../provider/engine/adoption/foreign";
import {
  assertNameAvailable,
  missingToAdopt,
  noteDeleted,
  trackCreated,
} from "../../provider/engine/adoption/naming";
import { beginsText, linesNamed, warnOfOverwriting } from "../../provider/engine/adoption/overwriting";
import { reconcile, stillThere } from "../../provider/engine/adoption/reconcile";
import type { Write } from "../../provider/engine/adoption/saving";
import { PartialFailureError } from "../../provider/errors";
import { type Context, Run } from "../../provider/lifecycle";
import { applicationSchema } from "../../provider/resources/application";
import { type Change, Mapping } from "../../provider/schema";

type Values = Record<string, unknown>;

const mapping = new Mapping(applicationSchema);
const failure = (kind: "server" | "not-found" | "unreachable", outcome: "refused" | "unknown" = "refused") =>
  new DokployError(`it was ${kind}`, { kind, endpoint: "environment.one", outcome });
const reason = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail("it must fail"),
    (error: Error) => error.message,
  );

describe("a text of variables that somebody else changed", () => {
  const env = { KEPT: "1", MINE: "1" };
  /** What an update of a text of the state to these values says, and the names that it would remove. */
  const refused = async (live: Values, news: Values, olds: Values = { env }) => {
    const warnings: string[] = [];
    const found = await refuseForeign(
      'application "web"',
      live,
      { inputs: olds, outputs: {} },
      news,
      mapping,
      (text) => warnings.push(text),
    ).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    return [found, ...warnings];
  };
  const since = 'variables of the application "web" since the last run, and this update would';
  const keep = "To keep them, give them here with the values that they have in Dokploy";
  const refresh = "to see them in the plan, run `pulumi refresh`";

  it("is refused with each name, what the update would do, and the ways on", async () => {
    assert.deepEqual(await refused({ env: "KEPT=1\nMINE=1\nHAND=1" }, { env: { ...env, NEW: "1" } }), [
      `env: somebody else set ${since} remove HAND: nothing is saved. ${keep}; ${refresh}; to discard them, set ` +
        "overwriteVariables: true",
    ]);
    assert.deepEqual(await refused({ env: "KEPT=1\nMINE=2" }, { env: { ...env, MINE: "3" } }), [
      `env: somebody else set ${since} overwrite MINE: nothing is saved. ${keep}; ${refresh}; to discard them, set ` +
        "overwriteVariables: true",
    ]);
    assert.deepEqual(await refused({ env: "KEPT=1" }, { env }), [
      `env: somebody else removed ${since} set MINE again: nothing is saved. To leave out what was removed, remove it ` +
        `here too; ${refresh}; to set it again, set overwriteVariables: true`,
    ]);
    assert.deepEqual(await refused({ env: "KEPT=2\nHAND=1" }, { env: { ...env, KEPT: "3" } }), [
      `env: somebody else set or removed ${since} remove HAND and overwrite KEPT and set MINE again: nothing is saved. ` +
        `${keep}; to leave out what was removed, remove it here too; ${refresh}; to discard them, set overwriteVariables: true`,
    ]);
  });

  it("is refused where the state and the program have it, and not where one of them lacks it", async () => {
    const [both] = await refused(
      { env: "KEPT=1\nMINE=1", buildArgs: "ARG=1\nHAND=1" },
      { env, buildArgs: { ARG: "2" } },
      { env, buildArgs: { ARG: "1" } },
    );
    assert.match(both ?? "", /^buildArgs: somebody else set /);
    const live = { env: "KEPT=1\nMINE=1\nHAND=1" };
    assert.deepEqual(await refused(live, {}), ["nothing"]);
    assert.deepEqual(await refused(live, { env: { NEW: "1" } }, {}), ["nothing"]);
  });

  it("is overwritten with a warning where the program agrees", async () => {
    const agreed = { overwriteVariables: true };
    assert.deepEqual(await refused({ env: "KEPT=2\nHAND=1" }, { ...agreed, env }), [
      "nothing",
      'Variables of the application "web" that somebody else set or removed since the last run: the update removes HAND; ' +
        "changes KEPT; sets MINE again.",
    ]);
    const olds = { buildArgs: { ARG: "1", GONE: "1" } };
    assert.deepEqual(await refused({ buildArgs: "ARG=1" }, { ...agreed, ...olds }, olds), [
      "nothing",
      'Variables of the application "web" that somebody else removed since the last run: the update buildArgs sets GONE again.',
    ]);
    assert.deepEqual(await refused({ env: "KEPT=1\nMINE=1" }, { ...agreed, env }), ["nothing"]);
  });

  it("is said with its other lines where a replacement loses it, and only where something is lost", () => {
    const lost = (live: string, news: Values) => {
      const warnings: string[] = [];
      previewLostVariables(
        'application "web"',
        { env: live },
        { inputs: { env }, outputs: {} },
        news,
        mapping,
        (text) => warnings.push(text),
      );
      return warnings;
    };
    const who =
      'Variables of the application "web" that somebody else set since the last run: the replacement';
    assert.deepEqual(lost("# by hand\nKEPT=1\nMINE=1\nHAND=1", { env }), [
      `${who} removes HAND; removes the comments or other text in line 1.`,
    ]);
    assert.deepEqual(lost("# a\n# b\nKEPT=1\nMINE=2", { env: { ...env, MINE: "3" } }), [
      `${who} changes MINE; removes the comments or other text in lines 1, 2.`,
    ]);
    assert.deepEqual(lost("# by hand\nKEPT=1\nMINE=1", { env }), []);
  });

  it("is warned of where the program adopts it", () => {
    const said: string[] = [];
    const warn = (text: string) => said.push(text);
    warnOfOverwriting('Application "web"', "application", [], { warn });
    warnOfOverwriting('Application "web"', "application", ["removes A", "changes B"], { warn });
    assert.deepEqual(said, ['Application "web" adopts variables of the application: removes A; changes B.']);
    assert.deepEqual(
      [linesNamed([2]), linesNamed([2, 5])],
      ["the comments or other text in line 2", "the comments or other text in lines 2, 5"],
    );
    const keys = { added: [], changed: [], removed: [] };
    const change = (more: Partial<Change>) => more as Change;
    assert.equal(beginsText([change({}), change({ begins: true, keys })]), true);
    for (const one of [{ begins: true }, { keys }, { begins: false, keys }])
      assert.equal(beginsText([change(one as Partial<Change>)]), false);
  });
});

describe("the name of a new object that others have too", () => {
  const older: Holder[] = [
    { id: "new", createdAt: "2026-01-01T00:00:02Z" },
    { id: "old", createdAt: "2026-01-01T00:00:01Z" },
  ];
  const removed: string[] = [];
  const settled = async (more: object) => {
    removed.length = 0;
    return await settleName({
      ...{ id: "new", label: 'project "shop" (new)', outputs: { status: "idle" }, former: { ports: {} } },
      holders: async () => older,
      isAsMade: async () => true,
      remove: async () => removed.push("new"),
      refuse: async () => {},
      ...more,
    }).then(
      () => undefined,
      (error: Error) => error,
    );
  };

  it("is read a second time where the first read fails, and unsettled where both fail: the object is in the state", async () => {
    let reads = 0;
    const failing = (times: number) => async () => {
      reads += 1;
      if (reads <= times) throw failure("server");
      return [];
    };
    assert.equal(await settled({ holders: failing(1) }), undefined);
    assert.equal(reads, 2);
    reads = 0;
    const error = await settled({ holders: failing(2) });
    assert.ok(error instanceof PartialFailureError);
    assert.deepEqual([error.id, error.outputs, error.former], ["new", { status: "idle" }, { ports: {} }]);
    assert.match(error.message, /it was server/);
  });

  it("is unsettled where the younger object cannot be removed or was changed, and a fault of ours stays what it was", async () => {
    const down = async () => {
      throw failure("server");
    };
    assert.ok((await settled({ remove: down })) instanceof PartialFailureError);
    assert.ok((await settled({ isAsMade: down })) instanceof PartialFailureError);
    const changed = await settled({ isAsMade: async () => false });
    assert.ok(changed instanceof PartialFailureError);
    assert.match(
      changed.message,
      /not removed, since somebody has changed it meanwhile: delete one of the two/,
    );
    assert.deepEqual(removed, []);
    const fault = new TypeError("a fault");
    assert.equal(
      await settled({
        remove: async () => {
          throw fault;
        },
      }),
      fault,
    );
  });

  it("is free by the time of the advice, or goes with the advice", async () => {
    const gone = await settled({});
    assert.match(gone?.message ?? "", /\(old\)\. The other one is gone by now: run the update again\.$/);
    assert.deepEqual(removed, ["new"]);
    const refuse = async () => {
      throw new Error("give it the option import");
    };
    assert.match((await settled({ refuse }))?.message ?? "", /\(old\)\. give it the option import$/);
  });

  it("goes to the other one where one of the two has no creation time", async () => {
    for (const [mine, other] of [
      [undefined, "2026"],
      ["2026", undefined],
    ]) {
      const holders = async () => [
        { id: "new", createdAt: mine },
        { id: "old", createdAt: other },
      ];
      assert.match((await settled({ holders }))?.message ?? "", /was removed again/);
    }
    assert.equal(await settled({ holders: async () => [{ id: "old", createdAt: "2026" }] }), undefined);
    assert.deepEqual(
      [createdAtOf({ createdAt: "2026" }), createdAtOf({ createdAt: 7 })],
      ["2026", undefined],
    );
  });
});

describe("the name of a service in its environment", () => {
  const environment = {
    environmentId: "env",
    name: "production",
    project: { name: "shop" },
    applications: [
      { applicationId: "a1", name: "web" },
      { applicationId: "a2", name: "twin" },
      { applicationId: "a3", name: "twin" },
    ],
    compose: [{ composeId: "c1", name: "web" }],
  };
  const held = (more: object = {}) => ({
    ownership: {
      holdings: { refuse: async () => undefined, notHeld: async (ids: string[]) => ids, ...more },
    },
    rows: new Map(),
  });
  const serving = (answer: unknown = environment) => {
    const calls: unknown[] = [];
    const call = async (endpoint: string, input: unknown) => {
      calls.push([endpoint, input]);
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return { api: { call } as unknown as Api, calls };
  };
  const check = async (
    name: string,
    { api = serving().api, run = held(), replaced }: { api?: Api; run?: object; replaced?: string } = {},
  ) =>
    await assertNameAvailable(
      "application",
      "Application",
      { name, environmentId: "env" },
      { api, run: run as unknown as Context["run"], resource: "" },
      replaced,
    );

  it("is taken by services of its kind alone, all of which the refusal names, but not by the one that is replaced", async () => {
    assert.equal(
      await reason(check("twin", { run: held({ notHeld: async () => [] }) })),
      'name: the environment "production" of project "shop" already has an application named "twin" (a2, a3). To manage ' +
        'that one, for instance because an interrupted run left it, give this resource the option { import: "a2" }; to keep ' +
        "both, choose another name",
    );
    await check("web", { replaced: "a1" });
    assert.match(await reason(check("twin", { replaced: "a2" })), /named "twin" \(a3\)/);
    await check("free");
  });

  it("goes with the other services that no resource has, but for those of this run and of release commands", async () => {
    const description = new Companions({} as Api, "word").text("a1", "a9");
    const row = {
      ...environment,
      applications: [
        ...environment.applications,
        { applicationId: "a8", name: "made" },
        { applicationId: "a9", name: "release of web", description },
      ],
    };
    const { api } = serving(row);
    trackCreated("application", { name: "made", environmentId: "env" }, api);
    const both =
      /This stack has no resources for these services there either: .*application "twin" \(a2\), application "twin" \(a3\)/;
    const said = await reason(check("web", { api }));
    assert.match(said, both);
    assert.match(said, /compose service "web" \(c1\)/);
    assert.match(said, /If they are in this program, give them the option too$/);
    assert.doesNotMatch(said, /made|\(a1\), /);
    for (const free of [["a2", "a3"], ["a1"]])
      assert.doesNotMatch(
        await reason(check("web", { api, run: held({ notHeld: async () => free }) })),
        /no resources for these services/,
        "the taken one is held, or all others are",
      );
    assert.match(
      await reason(check("web", { api, run: held({ notHeld: async () => ["a1", "c1"] }) })),
      /there either: compose service "web" \(c1\)\. If they/,
    );
  });

  it("is that of a resource of this stack under another name, where that has it", async () => {
    const resource = {
      urn: "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/dokploy:Application::former",
      name: "former",
    };
    const asked: unknown[] = [];
    const refuse = async (...given: unknown[]) => {
      asked.push(given);
      return resource;
    };
    assert.match(
      await reason(check("web", { run: held({ refuse }) })),
      /\(a1\)\. This stack has it as "former"\. If it is the same object under its former name, .*or choose another name/,
    );
    assert.deepEqual(asked, [["Application", "a1"]]);
  });

  it("is refused a second time in a run until the first service is deleted", async () => {
    const { api, calls } = serving();
    const made = { name: "new", environmentId: "env" };
    trackCreated("application", made, api);
    assert.equal(
      await reason(check("new", { api })),
      "name: this program has another application of that name in the same environment",
    );
    trackCreated("compose", { ...made, name: "other" }, api);
    await check("other", { api });
    assert.equal(calls.length, 1);
    assert.deepEqual(calls[0], ["environment.one", { environmentId: "env" }]);
    noteDeleted("application", made, api);
    await check("new", { api });
    assert.equal(calls.length, 2, "the environment is read again after a deletion");
  });

  it("is refused where its environment does not exist, and no other failure is taken for that", async () => {
    const gone = new DokployError("not there", {
      ...{ kind: "not-found", endpoint: "environment.one", outcome: "refused", gone: true },
    } as never);
    assert.match(await reason(check("web", { api: serving(gone).api })), /^environmentId: /);
    assert.equal(await reason(check("web", { api: serving(failure("server")).api })), "it was server");
  });
});

describe("an object to adopt", () => {
  const api = { call: async () => [] } as unknown as Api;

  it("is the one with the id, and otherwise the advice to look its id up", async () => {
    const row = { name: "web" };
    assert.equal(await existingToAdopt("application", "a1", async () => row, api), row);
    const missing = await reason(existingToAdopt("application", "a1", async () => undefined, api));
    assert.equal(missing, `import: ${await missingToAdopt("application", "a1", api)}`);
    assert.match(
      missing,
      /a1.*\. Look the id up in Dokploy; without the option import, a new application is created$/,
    );
  });

  it("is refused for each input that cannot be changed in place, and not for others", () => {
    const live = { appNamePrefix: "old", serverId: "s1", replicas: 1 };
    assert.throws(
      () =>
        refuseFixed("Application a1", live, { appNamePrefix: "new", serverId: "s2", replicas: 2 }, mapping),
      (error: Error) => {
        assert.match(
          error.message,
          /serverId: differs from what the Application a1 has, and cannot be changed in place/,
        );
        assert.doesNotMatch(error.message, /replicas/);
        return true;
      },
    );
    refuseFixed("Application a1", live, { ...live, replicas: 2 }, mapping);
  });

  it("is gone with advice where the state has it", async () => {
    assert.equal(await stillThere('application "web" (a1)', async () => 7), 7);
    assert.match(
      await reason(stillThere('application "web" (a1)', async () => undefined)),
      /^The application "web" \(a1\) no longer exists: .*Run `pulumi refresh`/,
    );
  });
});

describe("a change of an object", () => {
  const changes = [{ path: "env" } as Change];
  /** What happens at the place, in order. */
  const changed = async (plan: (row: number) => object) => {
    const events: string[] = [];
    const run = new Run();
    const lock = {
      take: async (place: string) => {
        events.push(`take ${place}`);
        return () => events.push("end");
      },
    };
    let reads = 0;
    const saved = await reconcile(
      "application/a1",
      async () => {
        reads += 1;
        events.push(`read ${reads}`);
        return reads;
      },
      (row) => {
        events.push(`plan ${row}`);
        const { write, ...more } = { changes, ...plan(row) } as { write?: string; changes: Change[] };
        const log = (what: string, answer?: boolean) => async () => {
          await new Promise(setImmediate);
          events.push(`${what} ${row}`);
          return answer;
        };
        const { prepares, more: isMore } = plan(row) as { prepares?: true; more?: boolean };
        return {
          ...more,
          ...(prepares ? { prepare: log("prepare") as () => Promise<void> } : {}),
          ...(write ? { write: { send: log("send") } as unknown as Write } : {}),
          ...(isMore === undefined ? {} : { writeMore: log("more", isMore) as () => Promise<boolean> }),
        };
      },
      { run, lock } as unknown as Pick<Context, "run" | "lock">,
    ).catch((error: Error) => error);
    return { events, saved };
  };

  it("is read, planned and saved while nobody else saves there", async () => {
    const { events, saved } = await changed(() => ({ write: "yes", more: false }));
    assert.deepEqual(events, ["take application/a1", "read 1", "plan 1", "send 1", "more 1", "end"]);
    assert.ok(!(saved instanceof Error) && saved.since > 0 && saved.row === 1);
  });

  it("is read and planned again after what had to be prepared", async () => {
    const { events, saved } = await changed(() => ({ prepares: true, write: "yes" }));
    assert.deepEqual(events, [
      ...["take application/a1", "read 1", "plan 1", "prepare 1", "read 2", "plan 2", "send 2", "end"],
    ]);
    assert.ok(!(saved instanceof Error) && saved.row === 2);
  });

  it("is one for the run where columns or parts were saved, and none where neither was", async () => {
    for (const [plan, isSaved] of [
      [{}, false],
      [{ more: false }, false],
      [{ more: true }, true],
      [{ write: "yes" }, true],
    ] as const) {
      const { saved } = await changed(() => plan);
      assert.ok(!(saved instanceof Error));
      assert.equal(saved.since > 0, isSaved, JSON.stringify(plan));
    }
  });

  it("leaves the place free where it fails", async () => {
    const { events, saved } = await changed(() => {
      throw new Error("refused");
    });
    assert.match(String(saved), /refused/);
    assert.deepEqual(events, ["take application/a1", "read 1", "plan 1", "end"]);
  });
});
