import * as assert from "node:assert/strict";
import { Block, check, factsOf, planKey, planOf, readPreview } from "../../cli/plan";
import { type Endpoint, policyOf } from "../../provider/dokploy";
import { Pulumi } from "./pulumi";
import type { Feature } from "./repository";
import { look } from "./server";
import { actions, type Shop } from "./shop";

/** Something that people do with a repository. */
export interface Operation {
  /** Features without which it means nothing. */
  readonly needs?: readonly Feature[];
  run(shop: Shop): Promise<void>;
}

const own = (shop: Shop) => `envs/test/${shop.names.api}.yaml`;

/** Gives a variable another value, which changes nothing else. */
function change(shop: Shop): (service: string, key: string) => boolean {
  const file = own(shop);
  const text = shop.world.read(file);
  const line = `NOTE: number ${++shop.count}`;
  shop.world.write(file, /^NOTE: .*$/m.test(text) ? text.replace(/^NOTE: .*$/m, line) : `${text}${line}\n`);
  return (service, key) => service === shop.names.api && key === "NOTE";
}

/** Gives the image another tag. */
function release(shop: Shop, stage = "test"): string {
  const tag = `1.${++shop.count}`;
  shop.world.pulumi.set(stage, `dokploy:imageTags.${shop.names.api}`, tag);
  return tag;
}

async function imageOf(shop: Shop, stage: string): Promise<string> {
  const { image } = await shop.service(stage, shop.names.api);
  return String(image);
}

export const operations = {
  /** A variable of the repository changes. */
  "change a variable": {
    async run(shop) {
      await shop.deploy("test", { changes: change(shop) });
      assert.equal((await shop.service("test", shop.names.api)).running["NOTE"], `number ${shop.count - 1}`);
    },
  },

  /** A version is deployed by its tag. */
  "deploy a tag": {
    async run(shop) {
      const tag = release(shop);
      await shop.deploy("test");
      assert.match(await imageOf(shop, "test"), new RegExp(`:${tag.replace(".", "\\.")}$`));
    },
  },

  refresh: {
    async run(shop) {
      const ran = shop.heard(await shop.world.pulumi.refresh("test"));
      shop.assertWell(ran, "the refresh");
      assert.deepEqual(actions(ran), [], "nothing has changed");
      await shop.settled("test");
    },
  },

  /** A generated secret goes through the three steps of a rotation. */
  "rotate a generated secret": {
    needs: ["generate"],
    async run(shop) {
      await rotate(shop, "SESSION_KEY");
    },
  },

  "rotate a secret": {
    needs: ["secret"],
    async run(shop) {
      shop.world.typed = `canary-partner-${++shop.count}`;
      await rotate(shop, "PARTNER_KEY");
    },
  },

  "rotate at once": {
    needs: ["generate"],
    async run(shop) {
      const { names } = shop;
      const before = (await shop.service("test", names.api)).running["SESSION_KEY"];
      await commanded(shop, "rotate", "SESSION_KEY", "--stage", "test", "--service", names.api, "--at-once");
      await shop.deploy("test", {
        changes: (service, key) => service === names.api && key === "SESSION_KEY",
      });
      assert.notEqual((await shop.service("test", names.api)).running["SESSION_KEY"], before);
    },
  },

  /** A bad version goes back to the one before, with its variables. */
  "roll back": {
    async run(shop) {
      const { names } = shop;
      const before = await shop.service("test", names.api);
      const changes = change(shop);
      release(shop);
      await shop.deploy("test", { changes });
      await commanded(shop, "rollback", names.api, "--stage", "test", "--previous");
      await shop.deploy("test", { changes });
      const { running, image } = await shop.service("test", names.api);
      assert.deepEqual(running, before.running);
      assert.equal(String(image).split("@")[0], String(before.image).split("@")[0]);
    },
  },

  promote: {
    async run(shop) {
      release(shop);
      await shop.deploy("test");
      await commanded(shop, "promote", "test", "prod");
      await shop.deploy("prod");
      const [test, prod] = [await imageOf(shop, "test"), await imageOf(shop, "prod")];
      assert.equal(prod.split("@")[0], test.split("@")[0]);
    },
  },

  "preview up and remove": {
    async run(shop) {
      const { world } = shop;
      const before = world.emulator.instance.counts();
      await world.commit("before a preview");
      await commanded(shop, "preview up", "12");
      await commanded(shop, "preview up", "12");
      await commanded(shop, "preview remove", "12");
      assert.deepEqual(world.emulator.instance.counts(), before);
      await shop.settled("test");
    },
  },

  rename: {
    async run(shop) {
      const { world, names } = shop;
      const [from, to] = names.api === "api" ? ["api", "backend"] : ["backend", "api"];
      const move = (name: string, text: (before: string) => string = (before) => before) => {
        world.write(name.replace("FROM", to), text(world.read(name.replace("FROM", from))));
        world.write(name.replace("FROM", from), undefined);
      };
      move(
        "services/FROM/dokploy-app.yaml",
        (text) => `${text.replace(/^formerNames: .*\n/m, "")}formerNames: [${from}]\n`,
      );
      world.write(`services/${from}`, undefined);
      for (const folder of ["base", "test", "prod"]) move(`envs/${folder}/FROM.yaml`);
      const worker = [`services/${names.worker}/dokploy-app.yaml`, `envs/base/${names.worker}.yaml`];
      for (const file of worker)
        world.write(file, world.read(file).replaceAll(new RegExp(`\\b${from}\\b(?=:3000|\\]|$)`, "gm"), to));
      if (shop.on.contract)
        world.write("envs/schema.yaml", world.read("envs/schema.yaml").replace(`  ${from}:`, `  ${to}:`));
      for (const stage of ["test", "prod"]) {
        const tag = String(JSON.parse(world.pulumi.config(stage).values["dokploy:imageTags"] ?? "{}")[from]);
        world.pulumi.remove(stage, `dokploy:imageTags.${from}`);
        world.pulumi.set(stage, `dokploy:imageTags.${to}`, tag);
      }
      shop.names = { ...names, api: to };
      await shop.deploy("test");
      if (world.pulumi.stack("prod").state.resources.length > 0) await shop.deploy("prod");
    },
  },

  /** Somebody deletes an application in Dokploy. */
  "delete by hand": {
    async run(shop) {
      const { world, names } = shop;
      const { id } = await shop.service("test", names.worker);
      await world.byHand("application.delete", { applicationId: id });
      const ran = shop.heard(await world.pulumi.refresh("test"));
      shop.assertWell(ran, "the refresh");
      await shop.deploy("test", { creates: [names.worker] });
    },
  },

  /** Somebody changes a variable and the number of containers in Dokploy. */
  "change by hand": {
    async run(shop) {
      const { world, names, on } = shop;
      const { id, text, running } = await shop.service("test", names.api);
      const changed = text.replace(/^STAGE=.*$/m, "STAGE=by-hand");
      assert.notEqual(changed, text);
      await world.byHand("application.update", {
        ...{ applicationId: id, env: changed },
        ...(on.replicas ? { replicas: 5 } : {}),
      });
      const ran = shop.heard(await world.pulumi.refresh("test"));
      shop.assertWell(ran, "the refresh");
      assert.deepEqual(actions(ran), [`update ${names.api}`]);
      await shop.deploy("test", { changes: (service, key) => service === names.api && key === "STAGE" });
      assert.deepEqual((await shop.service("test", names.api)).running, running);
    },
  },

  /** The state is gone, and the file of ids that `adopt` writes adopts everything, generated secrets by their variables. */
  "adopt after a lost state": {
    async run(shop) {
      const { world } = shop;
      const { state } = world.pulumi.stack("test");
      const { id: service } = await shop.service("test", shop.names.api);
      const ids: Record<string, Record<string, string>> = {};
      for (const { type, urn, id } of state.resources) {
        const kind = type.split(":").at(-1) ?? "";
        const name = urn.split("::").at(-1) ?? "";
        // Its name is `api/SESSION_KEY`, and after a rotation `api/SESSION_KEY/2`.
        const [, key] = name.split("/");
        const adopted = kind === "GeneratedSecret" ? `application/${service}/${key}` : id;
        if (adopted !== undefined) ids[kind] = { ...ids[kind], [name]: adopted };
      }
      world.write("dokploy-adopt.json", JSON.stringify(ids));
      world.pulumi.set("test", "dokploy:adopt", "dokploy-adopt.json");
      const lost = state.resources.map(({ urn }) => urn);
      state.resources = [];
      await shop.deploy("test");
      assert.deepEqual(new Set(state.resources.map(({ urn }) => urn)), new Set(lost));
      world.pulumi.remove("test", "dokploy:adopt");
      world.write("dokploy-adopt.json", undefined);
      await shop.settled("test");
    },
  },

  /** Exports the server as another program, in each layout, which adopts all of it without a change. */
  "export and verify": {
    async run(shop) {
      for (const layout of ["program", "repository"]) await exportAs(layout, shop);
      await shop.settled("test");
    },
  },

  /** A plan is approved, and no other one passes. */
  approve: {
    async run(shop) {
      const { world } = shop;
      process.env["DOKPLOY_PLAN_KEY"] = "a key of the plans";
      try {
        const changes = change(shop);
        await world.commit("approve");
        const planned = async () => Pulumi.document(shop.heard(await world.pulumi.preview("test")));
        const preview = readPreview(await planned());
        const plan = planOf(preview);
        const key = planKey(process.env);
        const comment = new Block(factsOf(preview, plan, key), key, {
          commit: "abc",
          maxLength: 16_000,
        }).after("");
        const again = () =>
          planned().then((text) => check(text, comment, { commit: "abc", stack: "test", key }));
        assert.deepEqual((await again()).differences, []);
        change(shop);
        const other = await again();
        assert.equal(other.same, false);
        await shop.deploy("test", { changes });
      } finally {
        delete process.env["DOKPLOY_PLAN_KEY"];
      }
    },
  },

  /** A run is killed in the middle, and the next one goes on. */
  "kill and go on": {
    async run(shop) {
      const { world } = shop;
      const calls = [/^application\.update$/, /^application\.deploy$/, /^deployment\./];
      const endpoint = calls[shop.count % calls.length] ?? /^application\./;
      const changes = change(shop);
      release(shop);
      await world.commit("to be killed");
      const wasKilled = await world.killedAt({ endpoint, isSent: shop.count % 2 === 0 }, () =>
        world.pulumi.up("test"),
      );
      assert.ok(wasKilled, `the run came to ${endpoint}`);
      await world.clock.pass(600_000);
      await shop.deploy("test", { changes });
    },
  },

  /** A version does not exist, and the next one does. */
  "fail and correct": {
    async run(shop) {
      const { world } = shop;
      const changes = change(shop);
      const tag = release(shop);
      for (const host of ["", "registry.example.com/"])
        world.emulator.registry.missing.add(`${host}acme/api:${tag}`);
      await world.commit("a version that is missing");
      const failed = shop.heard(await world.pulumi.up("test"));
      assert.equal(failed.ok, false);
      const errors = failed.diagnostics.filter(({ severity }) => severity === "error");
      assert.ok(
        errors.some(({ message }) => message.includes(tag)),
        "the error names the image",
      );
      await world.clock.pass(600_000);
      release(shop);
      await shop.deploy("test", { changes });
    },
  },

  /** A run works on one service alone. */
  "work on one service": {
    async run(shop) {
      const { world, names } = shop;
      const changes = change(shop);
      const file = `envs/test/${names.worker}.yaml`;
      world.write(file, `NOTE: number ${++shop.count}\n`);
      process.env["DOKPLOY_ONLY"] = names.worker;
      try {
        await shop.deploy("test", { changes: (service, key) => service === names.worker && key === "NOTE" });
      } finally {
        delete process.env["DOKPLOY_ONLY"];
      }
      await shop.deploy("test", { changes });
    },
  },
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

async function commanded(
  shop: Shop,
  ...[name, ...args]: Parameters<Shop["world"]["command"]>
): Promise<string> {
  const { code, output } = await shop.world.command(name, ...args);
  assert.equal(code, 0, output);
  return output;
}

async function exportAs(layout: string, shop: Shop): Promise<void> {
  const { world, names } = shop;
  const project = shop.project("test");
  const exported = await world.exportedTo(`${world.folder}-exported`, project);
  try {
    const before = await look(world);
    world.emulator.clearCalls();
    const given = ["--out", exported.folder, "--project", project, "--stack", "copy", "--layout", layout];
    const said = await commanded(shop, "export", ...given, "--verify");
    const [, count] = /Verified by a preview: (\d+) to adopt, 0 changes/.exec(said) ?? [];
    const adopted = shop.heard(await exported.up("copy"));
    shop.assertWell(adopted, `the adoption by a ${layout}`);
    assert.equal(actions(adopted).length, Number(count), layout);
    assert.ok(actions(adopted).includes(`create ${names.api}`), layout);
    assert.deepEqual(actions(shop.heard(await exported.preview("copy"))), [], "nothing is left to do");
    const calls = [...new Set(world.emulator.calls.map(({ endpoint }) => endpoint))];
    const writing = calls.filter((call) => policyOf(call as Endpoint).method !== "GET");
    assert.deepEqual(writing, [], layout);
    assert.deepEqual(await look(world), before);
  } finally {
    await exported.close();
  }
}

/** Rotates a variable of the application in three steps, so that no container meets a value that it does not know. */
async function rotate(shop: Shop, key: string): Promise<void> {
  const { names } = shop;
  const value = async () => (await shop.service("test", names.api)).running;
  const first = (await value())[key];
  const step = async () => {
    const said = await commanded(shop, "rotate", key, "--stage", "test", "--service", names.api);
    // The command says what else to do.
    for (const [, setting = "", stack = ""] of said.matchAll(
      /pulumi config set --secret (\S+) --stack (\S+)/g,
    ))
      shop.world.pulumi.set(stack, setting, shop.world.typed, true);
    await shop.deploy("test", { changes: (service, name) => service === names.api && name.startsWith(key) });
    return await value();
  };
  const one = await step();
  const next = one[`${key}_NEXT`];
  assert.deepEqual([one[key], next === undefined || next === first], [first, false]);
  const two = await step();
  assert.deepEqual([two[key], two[`${key}_PREVIOUS`], two[`${key}_NEXT`]], [next, first, undefined]);
  const three = await step();
  assert.deepEqual([three[key], three[`${key}_PREVIOUS`]], [next, undefined]);
}
