import * as assert from "node:assert/strict";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { inState, makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

/** A resource with a text of variables, and how somebody else saves that text. */
interface Holder {
  readonly what: string;
  /** The inputs for these variables; the input that gives them is `path`. */
  readonly inputs: (variables: Values) => Values;
  readonly path: string;
  readonly save: (id: string, text: string) => Promise<unknown>;
  readonly text: (id: string) => Promise<unknown>;
}

describe("variables that somebody else set since the last run", () => {
  let server: Server;
  let projectId: string;
  let environmentId: string;
  let count = 0;
  before(async () => {
    server = await startServer();
    ({ projectId, environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(() => {
    count += 1;
    server.newRun();
    server.emulator.faults.clear();
    server.warnings.length = 0;
    server.stack = undefined;
  });

  const column = (router: string, name = "env", idName = `${router}Id`) => ({
    save: (id: string, text: string) => server.byHand(`${router}.update`, { [idName]: id, [name]: text }),
    text: async (id: string) => (await server.byHand<Values>(`${router}.one`, { [idName]: id }))[name],
  });
  const application = (more: Values): Values =>
    withProvider({
      name: `api ${count}`,
      environmentId,
      source: { type: "docker", image: "acme/api:1" },
      deploy: false,
      ...more,
    });
  const composeFile = "services:\n  web:\n    image: nginx:1\n    env_file: .env\n";
  const block = (applicationId: string, more: Values): Values =>
    withProvider({ target: { applicationId }, deploy: false, ...more });

  const stackResources: Readonly<Record<string, Holder>> = {
    Application: {
      what: "application",
      path: "env",
      inputs: (env) => application({ env }),
      ...column("application"),
    },
    "build arguments of an Application": {
      what: "application",
      path: "buildArgs",
      inputs: (buildArgs) => application({ buildArgs }),
      ...column("application", "buildArgs"),
    },
    "build secrets of an Application": {
      what: "application",
      path: "buildSecrets",
      inputs: (buildSecrets) => application({ buildSecrets }),
      ...column("application", "buildSecrets"),
    },
    "previews of an Application": {
      what: "application",
      path: "preview.env",
      inputs: (env) => application({ preview: { env } }),
      ...column("application", "previewEnv"),
    },
    Compose: {
      what: "compose service",
      path: "env",
      inputs: (env) =>
        withProvider({
          name: `jobs ${count}`,
          environmentId,
          source: { type: "raw", composeFile },
          deploy: false,
          env,
        }),
      ...column("compose"),
    },
    Postgres: {
      what: "Postgres database",
      path: "env",
      inputs: (env) =>
        withProvider({
          name: `db ${count}`,
          environmentId,
          database: "d",
          user: "u",
          password: "p4ssw0rd",
          deploy: false,
          env,
        }),
      save: (id, env) => server.byHand("postgres.saveEnvironment", { postgresId: id, env }),
      text: column("postgres").text,
    },
    Project: {
      what: "project",
      path: "env",
      inputs: (env) => withProvider({ name: `shop ${count}`, env }),
      ...column("project"),
    },
    Environment: {
      what: "environment",
      path: "env",
      inputs: (env) => withProvider({ name: `staging ${count}`, projectId, env }),
      ...column("environment"),
    },
  };
  it("are named for all objects of the stack by the first plan that they end", async () => {
    const service = async (name: string, env: Values) => {
      const { id, outs } = await server.Application.create({
        ...application({ env }),
        name: `${name} ${count}`,
      });
      return {
        id,
        outs,
        save: (text: string) => server.byHand("application.update", { applicationId: id, env: text }),
      };
    };
    const web = await service("web", { A: "1" });
    const worker = await service("worker", { B: "1", GONE: "1" });
    const fine = await service("fine", { C: "1" });
    const shared = await service("shared", {});
    const whole = (name: string, { id }: { id: string }, names: string[]) => ({
      ...inState("Application", name, id),
      variables: { env: "all" as const },
      names: { env: names },
    });
    const part = {
      ...inState("EnvironmentBlock", "part", `application/${shared.id}`),
      variables: { env: ["P"] },
      names: { env: ["P"] },
    };
    server.newRun();
    server.stack = [
      whole("web", web, ["A"]),
      whole("worker", worker, ["B", "GONE"]),
      whole("fine", fine, ["C"]),
      part,
      whole("deleted", { id: "no-such-id" }, ["X"]),
    ];
    await web.save("A=1\nHAND=canary-1");
    await worker.save("B=1\nBY_HAND=canary-2");
    await shared.save("OTHERS=canary-3");
    await assert.rejects(
      server.Application.diff(web.id, web.outs, { ...web.outs, env: { A: "2" } }),
      (error: Error) => {
        const [first, second, ...more] = error.message.split("\n");
        assert.match(first ?? "", /^env: somebody else set variables of the application "web .*remove HAND/);
        assert.match(
          second ?? "",
          /^other objects of this stack .*: application "worker .*: BY_HAND, GONE; application "shared .*: P\. A plan/,
        );
        assert.doesNotMatch(error.message, /canary|fine|OTHERS/);
        assert.deepEqual(more, []);
        return true;
      },
    );
  });

  const kindOf = (name: string): Handlers => server.of(name.split(" ").at(-1) ?? "");
  const writes = () => server.calls().filter((call) => !/\.(one|all|search|byProjectId)$/.test(call));

  for (const [name, { what, path, inputs, save, text }] of Object.entries(stackResources)) {
    describe(`of ${name}`, () => {
      const theirs = "MINE=1\nOTHER=canary-1\nHAND=canary-2";
      const news = (more: Values = {}) => ({ ...inputs({ MINE: "2", OTHER: "1" }), ...more });
      let id: string;
      let state: Values;
      beforeEach(async () => {
        const made = await kindOf(name).create(inputs({ MINE: "1", OTHER: "1" }));
        id = made.id;
        state = made.outs;
        await save(id, theirs);
        server.newRun();
      });
      const lost = new RegExp(
        `${path}: somebody else set variables of the ${what} ".*since the last run, and this update would remove HAND ` +
          "and overwrite OTHER: nothing is saved\\..*`pulumi refresh`.*overwriteVariables: true$",
      );

      it("end its plan by name, and its update before the first write", async () => {
        for (const step of [
          () => kindOf(name).diff(id, state, news()),
          () => kindOf(name).update(id, state, news()),
        ]) {
          await assert.rejects(step, (error: Error) => {
            assert.match(error.message, lost);
            assert.doesNotMatch(error.message, /canary/);
            return true;
          });
        }
        assert.deepEqual(writes(), []);
        assert.equal(await text(id), theirs);
      });

      it("are removed if the program agrees, and its plan names them", async () => {
        const agreed = news({ overwriteVariables: true });
        await kindOf(name).diff(id, state, agreed);
        const prefix = path === "env" ? "" : `${path} `;
        const named = `since the last run: the update ${prefix}removes HAND; ${prefix}changes OTHER.`;
        assert.ok(server.warnings.join("\n").includes(named), server.warnings.join("\n"));
        assert.doesNotMatch(server.warnings.join("\n"), /canary/);
        await kindOf(name).update(id, state, agreed);
        assert.equal(await text(id), "MINE=2\nOTHER=1");
      });

      it("end its plan if they were removed, and are set again if the program agrees", async () => {
        await save(id, "MINE=1");
        server.newRun();
        const refused = new RegExp(
          `${path}: somebody else removed variables of the ${what} ".*since the last run, and this update would set ` +
            "OTHER again: nothing is saved\\..*`pulumi refresh`.*overwriteVariables: true$",
        );
        for (const step of ["diff", "update"] as const)
          await assert.rejects(kindOf(name)[step](id, state, news()), refused);
        assert.deepEqual(writes(), []);
        await kindOf(name).diff(id, state, inputs({ MINE: "2" }));
        const agreed = news({ overwriteVariables: true });
        await kindOf(name).diff(id, state, agreed);
        const named = `somebody else removed since the last run: the update ${path === "env" ? "" : `${path} `}sets OTHER again.`;
        assert.ok(server.warnings.join("\n").includes(named), server.warnings.join("\n"));
        await kindOf(name).update(id, state, agreed);
        assert.equal(await text(id), "MINE=2\nOTHER=1");
      });

      it("are no comments or other text, which stay as they are, also once a refresh has read a change", async () => {
        const commented = "# canary-1\nMINE=1\n\nOTHER=1 # canary-2\ncanary-3 by hand";
        const kept = commented.replace("MINE=1", "MINE=2");
        await save(id, commented);
        server.newRun();
        await kindOf(name).diff(id, state, news());
        await kindOf(name).update(id, state, news());
        assert.equal(await text(id), kept);
        await save(id, commented.replace("MINE=1", "MINE=3"));
        server.newRun();
        const { props = {} } = await kindOf(name).read(id, state);
        const known = unmarkedIn(props);
        server.warnings.length = 0;
        await kindOf(name).diff(id, known, news());
        await kindOf(name).update(id, known, news());
        assert.equal(await text(id), kept);
        assert.doesNotMatch(server.warnings.join("\n"), /canary|lines?/);
      });

      it("are in the plan after a refresh, and are removed by its update", async () => {
        const { props = {} } = await kindOf(name).read(id, state);
        const known = unmarkedIn(props);
        server.newRun();
        await kindOf(name).diff(id, known, news());
        await kindOf(name).update(id, known, news());
        assert.equal(await text(id), "MINE=2\nOTHER=1");
      });

      it("matter to no update that leaves them as they are", async () => {
        const same = inputs({ MINE: "2", OTHER: "canary-1", HAND: "canary-2" });
        await kindOf(name).diff(id, state, same);
        await kindOf(name).update(id, state, same);
        assert.match(String(await text(id)), /HAND=canary-2/);
      });

      it("are not those of a save whose response was lost", async () => {
        await save(id, "MINE=1\nOTHER=1");
        server.emulator.faults.add({ endpoint: /\.(update|saveEnvironment)$/, times: 9, status: 500 });
        const first = inputs({ MINE: "3", NEW: "1" });
        const failed = await kindOf(name)
          .update(id, state, first)
          .then(
            () => assert.fail("it should have failed"),
            (error: Values) => error["properties"] as Values,
          );
        server.emulator.faults.clear();
        await save(id, "MINE=3\nNEW=1");
        server.newRun();
        const next = inputs({ MINE: "4", NEW: "2" });
        await kindOf(name).diff(id, failed, next);
        const { outs } = await kindOf(name).update(id, failed, next);
        assert.equal(await text(id), "MINE=4\nNEW=2");
        assert.equal(outs["unconfirmed"], undefined);
      });

      it("are not those of a lost save before another lost one", async () => {
        await save(id, "MINE=1\nOTHER=1");
        server.emulator.faults.add({ endpoint: /\.(update|saveEnvironment)$/, times: 99, status: 500 });
        const lost = (olds: Values, news: Values) =>
          kindOf(name)
            .update(id, olds, news)
            .then(
              () => assert.fail("it should have failed"),
              (error: Values) => error["properties"] as Values,
            );
        const first = await lost(state, inputs({ MINE: "3", OTHER: "1", NEW: "1" }));
        server.newRun();
        const second = await lost(first, inputs({ MINE: "1", OTHER: "1", ADDED: "1" }));
        server.emulator.faults.clear();
        // The first one arrives late.
        await save(id, "MINE=3\nOTHER=1\nNEW=1");
        server.newRun();
        const next = inputs({ MINE: "4", OTHER: "1" });
        await kindOf(name).diff(id, second, next);
        const { outs } = await kindOf(name).update(id, second, next);
        assert.equal(await text(id), "MINE=4\nOTHER=1");
        assert.equal(outs["unconfirmed"], undefined);
      });
    });
  }

  it("end an update of other variables, which would remove them too", async () => {
    const { id, outs } = await server.Application.create(application({ env: { MINE: "1" } }));
    await stackResources["Application"]?.save(id, "MINE=1\nHAND=canary");
    server.newRun();
    const news = application({ env: { MINE: "1" }, source: { type: "docker", image: "acme/api:2" } });
    await assert.rejects(server.Application.diff(id, outs, news), /would remove HAND: nothing is saved/);
    await assert.rejects(server.Application.update(id, outs, news), /would remove HAND: nothing is saved/);
    assert.deepEqual(writes(), []);
    const { env: _, ...released } = news;
    await server.Application.update(id, outs, released);
    assert.equal(
      await stackResources["Application"]?.text(id),
      "MINE=1\nHAND=canary",
      "a text that is let go stays",
    );
  });

  it("are named in the plan of a change that recreates the service or the environment, which loses them", async () => {
    const { projectId: elsewhere } = await makeProject(server, `elsewhere ${count}`);
    const anew: readonly (readonly [kind: string, inputs: Values, change: Values])[] = [
      ["Application", application({ env: { MINE: "1" } }), { appNamePrefix: "other" }],
      ["Environment", stackResources["Environment"]?.inputs({ MINE: "1" }) ?? {}, { projectId: elsewhere }],
    ];
    for (const [kind, inputs, change] of anew) {
      const { id, outs } = await server.of(kind).create(inputs);
      await stackResources[kind]?.save(id, "MINE=1\nHAND=canary");
      for (const env of [{ MINE: "2" }, undefined]) {
        server.newRun();
        server.warnings.length = 0;
        const { env: _, ...rest } = inputs;
        const news = { ...rest, ...change, ...(env === undefined ? {} : { env }) };
        const { replaces } = await server.of(kind).diff(id, outs, news);
        assert.deepEqual(replaces, Object.keys(change));
        assert.match(
          server.warnings.join("\n"),
          /^Variables of the \w+ .* that somebody else set since the last run: the replacement removes HAND\.$/m,
        );
        assert.doesNotMatch(server.warnings.join("\n"), /canary/);
      }
    }
  });

  it("are in the title of the deployment that removes them", async () => {
    const { id, outs } = await server.Application.create(application({ env: { MINE: "1" } }));
    await stackResources["Application"]?.save(id, "MINE=1\nHAND=canary");
    server.newRun();
    const news = application({ env: { MINE: "2" }, overwriteVariables: true, deploy: true });
    await server.Application.update(id, outs, news);
    const row = await server.byHand<{ deployments: { title: string }[] }>("application.one", {
      applicationId: id,
    });
    assert.match(row.deployments[0]?.title ?? "", /~MINE -HAND/);
  });

  it("are named with the services that refer to them, if a project agrees", async () => {
    const { id, outs } = await server.Project.create({ name: `refers ${count}`, env: { MINE: "1" } });
    await stackResources["Project"]?.save(id, "MINE=1\nHAND=1");
    const { applicationId } = await server.byHand<Values>("application.create", {
      name: "web",
      environmentId: outs["defaultEnvironmentId"],
    });
    await server.byHand("application.update", { applicationId, env: "URL=${{project.HAND}}" });
    server.newRun();
    server.warnings.length = 0;
    const news = { name: `refers ${count}`, env: { MINE: "2" }, overwriteVariables: true };
    await server.Project.diff(id, outs, news);
    assert.match(server.warnings.join("\n"), /removes HAND, to which the application "web" .* refers/);
  });

  it("are not what a failed update of ours saved, though its previous configuration could not be restored", async () => {
    const { id, outs } = await server.Application.create(application({ env: { MINE: "1" }, deploy: true }));
    server.newRun();
    server.emulator.setOutcome(id, { status: "error", log: "no space left" });
    const { faults } = server.emulator;
    // The first save arrives, and what would take it back does not.
    faults.add({ endpoint: "application.update" });
    faults.add({ endpoint: "application.update", times: 9, status: 400 });
    const rollback = { deploy: { rollbackOnFailure: true } };
    const update = server.Application.update(id, outs, application({ env: { MINE: "2" }, ...rollback }));
    const failed = await update.then(
      () => assert.fail("it should have failed"),
      (error: Values & Error) => error,
    );
    assert.match(failed.message, /could not be restored, so the new one stays saved/);
    faults.clear();
    server.newRun();
    const state = failed["properties"] as Values;
    await server.Application.update(id, state, application({ env: { MINE: "3" } }));
    assert.equal(await stackResources["Application"]?.text(id), "MINE=3");
  });

  describe("of a block", () => {
    let id: string;
    beforeEach(async () => {
      ({ id } = await server.Application.create(application({})));
      server.newRun();
    });
    const saved = async (text: string) => {
      await stackResources["Application"]?.save(id, text);
      server.newRun();
    };
    const text = () => stackResources["Application"]?.text(id);
    const made = async (inputs: Values) => {
      const { id: blockId, outs } = await server.EnvironmentBlock.create(block(id, inputs));
      server.newRun();
      server.warnings.length = 0;
      return { blockId, outs };
    };

    it("end an exclusive one's plan and update, and go if the program agrees", async () => {
      const { blockId, outs } = await made({ env: { MINE: "1", OTHER: "1" } });
      await saved("MINE=1\nOTHER=canary-1\nHAND=canary-2");
      const news = { env: { MINE: "2", OTHER: "1" } };
      const refused = /would remove HAND and overwrite OTHER: nothing is saved\..*`pulumi refresh`/;
      await assert.rejects(server.EnvironmentBlock.diff(blockId, outs, block(id, news)), refused);
      await assert.rejects(server.EnvironmentBlock.update(blockId, outs, block(id, news)), refused);
      assert.deepEqual(writes(), []);
      const agreed = block(id, { ...news, overwriteVariables: true });
      await server.EnvironmentBlock.diff(blockId, outs, agreed);
      assert.match(server.warnings.join("\n"), /the update removes HAND; changes OTHER\.$/m);
      await server.EnvironmentBlock.update(blockId, outs, agreed);
      assert.equal(await text(), "MINE=2\nOTHER=1");
    });

    it("end an additive one's plan and update if it begins to give their name, or gives one up", async () => {
      const { blockId, outs } = await made({ mode: "additive", env: { MINE: "1", GIVEN_UP: "1" } });
      await saved("MINE=1\nGIVEN_UP=canary\nSAME=canary\nTHEIRS=1");
      const begins = block(id, { mode: "additive", env: { MINE: "1", GIVEN_UP: "1", SAME: "2" } });
      for (const step of ["diff", "update"] as const) {
        await assert.rejects(
          server.EnvironmentBlock[step](blockId, outs, begins),
          /would overwrite GIVEN_UP, SAME: nothing is saved\..*or leave their names out/,
        );
        server.newRun();
        await assert.rejects(
          server.EnvironmentBlock[step](blockId, outs, block(id, { mode: "additive", env: { MINE: "2" } })),
          /would remove GIVEN_UP: nothing is saved/,
        );
      }
      assert.deepEqual(writes(), []);
      await server.EnvironmentBlock.update(blockId, outs, { ...begins, overwriteVariables: true });
      assert.equal(await text(), "MINE=1\nGIVEN_UP=1\nSAME=2\nTHEIRS=1");
    });

    it("end the plan and the update of any block if they were removed, and no comment is one of them", async () => {
      for (const mode of ["exclusive", "additive"]) {
        await saved("");
        const { blockId, outs } = await made({ mode, env: { MINE: "1", OTHER: "1" } });
        await saved("# canary\nMINE=1");
        const news = block(id, { mode, env: { MINE: "2", OTHER: "1" } });
        for (const step of ["diff", "update"] as const) {
          await assert.rejects(
            server.EnvironmentBlock[step](blockId, outs, news),
            /would set OTHER again: nothing is saved\./,
          );
        }
        assert.deepEqual(writes(), []);
        const agreed = { ...news, overwriteVariables: true };
        await server.EnvironmentBlock.diff(blockId, outs, agreed);
        assert.match(server.warnings.join("\n"), /sets OTHER again\.$/m);
        await server.EnvironmentBlock.update(blockId, outs, agreed);
        assert.equal(await text(), "# canary\nMINE=2\nOTHER=1");
        await server.EnvironmentBlock.delete(blockId, agreed);
      }
    });

    it("leave the comments of a text that a block or a service adopts, and nothing is said of them", async () => {
      const adopted = /removes HAND\.$/m;
      const commented = "# canary\nHAND=1\ncanary";
      await saved(commented);
      server.warnings.length = 0;
      await server.EnvironmentBlock.check({}, block(id, { env: { MINE: "1" } }));
      assert.match(server.warnings.join("\n"), adopted);
      server.newRun();
      server.warnings.length = 0;
      await server.Application.diff(id, application({}), application({ env: { MINE: "1" } }));
      assert.match(server.warnings.join("\n"), adopted);
      server.newRun();
      server.warnings.length = 0;
      const imported = { ...application({ env: { MINE: "1" } }), import: id };
      await server.Application.check({}, imported);
      assert.doesNotMatch(server.warnings.join("\n"), /canary|line/);
      await server.Application.create(imported);
      assert.equal(await text(), "# canary\ncanary\nMINE=1");
    });

    it("are not those of a creation that failed before it saved them", async () => {
      server.emulator.faults.add({ endpoint: "application.update", times: 9, status: 400 });
      const inputs = application({ name: `failed ${count}`, env: { MINE: "1" } });
      const failed = await server.Application.create(inputs).then(
        () => assert.fail("it should have failed"),
        (error: Values) => error,
      );
      server.emulator.faults.clear();
      server.newRun();
      const { outs } = await server.Application.update(
        String(failed["id"]),
        failed["properties"] as Values,
        inputs,
      );
      assert.equal(await stackResources["Application"]?.text(String(failed["id"])), "MINE=1");
      assert.equal(outs["unconfirmed"], undefined);
    });

    it("are not reported if the name moves from one block of the stack to another, in either order", async () => {
      const first = await made({ mode: "additive", env: { A: "1", MOVES: "1" } });
      const second = await made({ mode: "additive", env: { B: "1" } });
      const path = `application/${id}`;
      const variables = (...env: string[]) => ({ variables: { env } });
      server.stack = [
        inState("EnvironmentBlock", "first", path, variables("A", "MOVES")),
        inState("EnvironmentBlock", "second", path, variables("B")),
      ];
      const without = block(id, { mode: "additive", env: { A: "1" } });
      const having = block(id, { mode: "additive", env: { B: "1", MOVES: "2" } });
      const steps = [
        () => server.EnvironmentBlock.update(first.blockId, first.outs, without),
        () => server.EnvironmentBlock.update(second.blockId, second.outs, having),
      ];
      for (const order of [steps, [...steps].reverse()]) {
        await saved("A=1\nMOVES=1\nB=1");
        server.newRun();
        await server.EnvironmentBlock.diff(first.blockId, first.outs, without);
        await server.EnvironmentBlock.diff(second.blockId, second.outs, having);
        for (const step of order) await step();
        assert.match(String(await text()), /^MOVES=2$/m);
      }
    });

    it("stay when the block is deleted, with a warning", async () => {
      const { blockId, outs } = await made({ env: { MINE: "1", SAME: "1" }, buildArgs: { ARG: "1" } });
      await saved("MINE=1\nSAME=canary");
      await server.byHand("application.update", { applicationId: id, buildArgs: "ARG=canary" });
      await server.EnvironmentBlock.delete(blockId, outs);
      assert.equal(await text(), "SAME=canary");
      assert.match(
        server.warnings.join("\n"),
        /: SAME, buildArgs\.ARG stay, since somebody else set them since the last run\.$/,
      );
      assert.doesNotMatch(server.warnings.join("\n"), /canary/);
    });

    it("that is the only one stays, and the message is in the singular", async () => {
      const { blockId, outs } = await made({ env: { SAME: "1" } });
      await saved("SAME=canary");
      await server.EnvironmentBlock.delete(blockId, outs);
      const says = / SAME stays, since somebody else set it since the last run\.$/;
      assert.match(server.warnings.join("\n"), says);
    });
  });
});

/** As Pulumi hands a state to the handlers: without its marks. */
function unmarkedIn(values: Values): Values {
  return JSON.parse(JSON.stringify(values), (_, value: unknown) => {
    const isMarked =
      typeof value === "object" && value !== null && "value" in value && Object.keys(value).length === 2;
    return isMarked ? (value as Values)["value"] : value;
  }) as Values;
}
