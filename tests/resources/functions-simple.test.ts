import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { simpleObjects } from "../../emulator/instance/simple-rows";
import { pluralOf } from "../../packages/text/words";
import { type SimpleResource, simple } from "../../provider/engine/simple/resource";
import { field } from "../../provider/engine/simple/spec";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { nonEmptyText } from "../../provider/schema/fields";
import * as dokploy from "../../sdk";
import { outputForm } from "../../sdk/lookups/lookup";
import { objectLookup } from "../../sdk/lookups/object";
import { callerOf, nounOf } from "../../sdk/lookups/words";
import { messageOf, run, seen } from "./lookups";
import { makeService } from "./parents";
import { type Server, startServer } from "./server";
import { apiOf, listingOf, madeFor, rowsOf } from "./simple-by-hand";
import { CANARY, simpleData } from "./simple-data";

type Values = Record<string, unknown>;
type Plain = (args?: Values) => Promise<Values>;
type Listing = (args?: Values) => Promise<Values[]>;

const kinds = allDefinitions().filter((definition) => "model" in definition) as unknown as Pick<
  SimpleResource<never, never>,
  "kind" | "model"
>[];
const functions = dokploy as unknown as Readonly<Record<string, unknown>>;

describe("functions that look up simple objects", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  for (const { kind, model } of kinds) {
    const data = simpleData[kind];
    // Another test tells that.
    if (data === undefined) continue;
    const { key, router } = model.spec;
    const listing = listingOf(model, data.parent);
    const isOptional = (input: string) => model.schema.shape[input]?.safeParse(undefined).success === true;
    const [one, all] = [callerOf(kind), pluralOf(callerOf(kind))];
    const getOne = functions[one] as Plain;
    const getAll = functions[all] as Listing;
    const getOneOutput = functions[`${one}Output`] as (args: Values) => pulumi.Output<Values>;
    const getAllOutput = functions[`${all}Output`] as (args?: Values) => pulumi.Output<Values[]>;
    const missing = "PQqzqTGCVtx0St2SA3vCi";

    describe(kind, () => {
      let place: Values;
      let inputs: Values;
      let byKey: Values;
      let id: string;
      /** What a server has of them from the start. */
      let there: ReadonlySet<unknown>;

      beforeEach(async () => {
        const parentId = data.parent && (await makeService(server, data.parent));
        place = data.parent ? { [`${data.parent}Id`]: parentId } : {};
        inputs = { ...data.inputs, ...(await madeFor(server, data)), ...place };
        const given = key.filter((name) => inputs[name] !== undefined);
        byKey = { ...place, ...Object.fromEntries(given.map((name) => [name, inputs[name]])) };
        there = new Set(
          data.parent ? [] : (await rowsOf(server, kind, undefined)).map((row) => model.objects.idOf(row)),
        );
        ({ id } = await server.of(kind).create(inputs));
        server.newRun();
      });

      it("is found by its id and by its key, with all inputs and defaults, and without secrets", async () => {
        const { value, calls } = await run(server, () => getOne({ id }));
        assert.deepEqual(calls, [`${router}.one`]);
        assert.equal(value["id"], id);
        for (const [name, type] of Object.entries(model.schema.shape)) {
          const { column, reset, secret, writeOnly } = type.meta()?.field ?? {};
          const isReported = column !== undefined && !secret && !writeOnly;
          assert.equal(name in value, isReported, name);
          const given = inputs[name] ?? reset ?? undefined;
          const hidden = model.arms.hiddenIn(name);
          const open = (arm: object) => Object.entries(arm).filter(([inner]) => !hidden.includes(inner));
          const reported = model.arms.isUnion(name) ? Object.fromEntries(open(given as object)) : given;
          if (isReported) assert.deepEqual(value[name], reported, name);
        }
        assert.ok(!JSON.stringify(value).includes(CANARY));
        const found = await run(server, () => getOne(byKey));
        assert.deepEqual(found.value, value);
        const { through } = model.objects.facts;
        assert.deepEqual(found.calls, through ? [`${through}.getAll`, `${router}.one`] : [listing]);
        const list = await run(server, () => getAll(data.parent && place));
        assert.deepEqual(
          list.value.filter((one) => !there.has(one["id"])),
          [value],
        );
        // Some are listed machine by machine.
        if (model.spec.kind !== "Network") assert.deepEqual(list.calls, found.calls);
      });

      it("is found by outputs, and unknown while they are", async () => {
        const outputs = Object.fromEntries(
          Object.entries(byKey).map(([name, value]) => [name, pulumi.output(value)]),
        );
        const { value } = await run(server, async () => [
          await seen(getOneOutput({ id: pulumi.output(id) })),
          await seen(getOneOutput(outputs)),
          await seen(getAllOutput(data.parent && { ...place })),
        ]);
        const { value: plain } = await run(server, () => getOne({ id }));
        for (const one of value.slice(0, 2)) assert.deepEqual(one, { value: plain, isSecret: false });
        const listed = value[2] as { value: Values[]; isSecret: boolean };
        const made = listed.value.filter((one) => !there.has(one["id"]));
        assert.deepEqual({ ...listed, value: made }, { value: [plain], isSecret: false });

        const unknown = pulumi.output(pulumi.unknown as string);
        const [first = ""] = Object.keys(byKey);
        const preview = await run(
          server,
          async () => [
            await seen(getOneOutput({ id: unknown })),
            await seen(getOneOutput({ ...byKey, [first]: unknown })),
            ...(data.parent ? [await seen(getAllOutput({ [`${data.parent}Id`]: unknown }))] : []),
          ],
          true,
        );
        for (const one of preview.value) assert.deepEqual(one, { value: "unknown", isSecret: false });
        assert.deepEqual(preview.calls, []);
      });

      it("that does not exist is reported, with what exists", async () => {
        const noun = nounOf(model);
        assert.equal(
          await messageOf(server, () => getOne({ id: missing })),
          `${one}: Dokploy has no ${noun} with the id "${missing}". It was deleted, or the id is wrong: ${all} ` +
            "lists the ids.",
        );
        const { [key[0] ?? ""]: name } = byKey;
        const other = typeof name === "number" ? name + 1 : `${String(name)}x`;
        const message = await messageOf(server, () => getOne({ ...byKey, [key[0] ?? ""]: other }));
        assert.match(
          message,
          new RegExp(`^${one}: (?:the \\w+(?: service)? \\S{21}|Dokploy) has no ${noun} "`),
        );
        assert.match(
          message,
          new RegExp(
            ` Did you mean ".*" \\(${id}\\)\\? It has: ".*" \\(${id}\\)(?:, ".*" \\(\\S+\\))?\\. A key `,
          ),
        );
        if (data.parent === undefined) return;
        const nowhere = { [`${data.parent}Id`]: missing };
        for (const look of [() => getOne({ ...byKey, ...nowhere }), () => getAll(nowhere)])
          assert.match(
            await messageOf(server, look),
            new RegExp(`: Dokploy has no (?:application|compose service) with the id "${missing}"\\.`),
          );
        const empty = { [`${data.parent}Id`]: await makeService(server, data.parent) };
        assert.match(
          await messageOf(server, () => getOne({ ...byKey, ...empty })),
          / It has no [\w ]+ at all\. /,
        );
        assert.deepEqual((await run(server, () => getAll(empty))).value, []);
      });

      it("that does not exist is not called by a value that the program marked as secret", async () => {
        const [name = ""] = key;
        const hidden: Values = {
          id: "PQqzqTGCVtx0St2SA3vCh",
          ...(typeof byKey[name] === "string" ? { [name]: `${byKey[name]}-${CANARY}` } : {}),
        };
        for (const [input, value] of Object.entries(hidden)) {
          const args = { ...(input === "id" ? {} : byKey), [input]: pulumi.secret(value) };
          const message = await messageOf(server, () => seen(getOneOutput(args)));
          assert.match(message, /: .* has no .*\[secret\]/);
          assert.ok(!message.includes(String(value)), message);
        }
      });

      it("of which there are several of a key is reported by their ids", async () => {
        const parent = model.parentOf(inputs);
        const columns = await model.creation(inputs, { api: apiOf(server), server: undefined });
        const before = await model.objects.all(parent, apiOf(server));
        const making = model.objects.create(columns, parent, before, apiOf(server));
        // Where Dokploy has such a rule, there is never a second one.
        const { unique, duplicate, insertStatus = 400 } = simpleObjects[router] ?? {};
        if (unique ?? duplicate) return await assert.rejects(making, new RegExp(`create: ${insertStatus}`));
        const second = await making;
        const { value: all } = await run(server, () => getAll(data.parent && place));
        const value = all.filter((one) => !there.has(one["id"]));
        assert.equal(value.length, 2, JSON.stringify(second));
        const message = await messageOf(server, () => getOne(byKey));
        assert.match(message, / has 2 [\w ]+ ".*": \S+, \S+\. Give id instead of /);
        for (const found of value) assert.ok(message.includes(String(found["id"])));
      });

      it("is not requested with an impossible id, which is not repeated", async () => {
        const wrong = { id: "canary of the job" };
        const message = await messageOf(server, () => getOne(wrong));
        assert.match(message, new RegExp(`^${one}: id is not an id of Dokploy \\(.*\\)\\. ${all} lists`));
        assert.doesNotMatch(message, /canary/);
        assert.deepEqual(server.calls(), []);
        for (const [name, value] of Object.entries(byKey)) {
          const odd = typeof value === "number" ? "canary" : name.endsWith("Id") ? "canary" : 5;
          const problem = await messageOf(server, () => getOne({ ...byKey, [name]: odd }));
          assert.match(problem, new RegExp(`^${one}: ${name} (?:is not|must be) `));
          assert.doesNotMatch(problem, /canary/);
          assert.deepEqual(server.calls(), []);
          // A key without it is one, too; that of a place is never one.
          if (isOptional(name) && !(name in place)) continue;
          const { [name]: _, ...rest } = byKey;
          assert.match(
            await messageOf(server, () => getOne(rest)),
            new RegExp(`^${one} takes \\{ id \\}.* it got `),
          );
        }
        assert.match(
          await messageOf(server, () => getOne({ id: pulumi.output(id) })),
          new RegExp(`id is an output or a promise; call ${one}Output`),
        );
      });
    });
  }

  it("give a secret that Dokploy shows as a secret output, and in no result", async () => {
    // As `domain`, whose entry point is taken for a password here.
    const { model } = simple({
      kind: "Domain",
      router: "domain",
      parents: { application: "none" },
      key: ["host"],
      label: ({ host }) => host,
      inputs: {
        host: nonEmptyText,
        port: z.number(),
        customEntrypoint: field(nonEmptyText, { secret: true }),
      },
    });
    const lookup = objectLookup<{ id: string }, Values, { customEntrypoint: string }>("Domain", () => model, [
      "customEntrypoint",
    ]);
    const applicationId = await makeService(server, "application");
    const { domainId: id } = await server.byHand<{ domainId: string }>("domain.create", {
      applicationId,
      host: "shop.example.com",
      port: 80,
      https: false,
      certificateType: "none",
      customEntrypoint: CANARY,
    });
    const { value } = await run(server, async () => {
      const found = outputForm(lookup)({ id });
      return [await seen(found), await seen(found.customEntrypoint)];
    });
    assert.deepEqual(value, [
      { value: { id, applicationId, host: "shop.example.com", port: 80 }, isSecret: false },
      { value: CANARY, isSecret: true },
    ]);
  });

  it("accept only arguments that name one, as the compiler checks", async () => {
    const id = "PQqzqTGCVtx0St2SA3vCi";
    const wrong: (() => Promise<unknown>)[] = [
      // @ts-expect-error two ways at once
      () => dokploy.getDomain({ id, host: "shop.example.com" }),
      // @ts-expect-error of two services
      () => dokploy.getDomain({ applicationId: id, composeId: id, host: "shop.example.com" }),
      // @ts-expect-error a key without a place
      () => dokploy.getPort({ publishedPort: 25 }),
      // @ts-expect-error a place without a key
      () => dokploy.getRedirect({ applicationId: id }),
      // @ts-expect-error no part of the key
      () => dokploy.getRegistry({ name: "ghcr", username: "bot" }),
      // @ts-expect-error of two services
      () => dokploy.getDomains({ applicationId: id, composeId: id }),
      // @ts-expect-error nothing
      async () => dokploy.getPortsOutput({}),
    ];
    for (const look of wrong) assert.match(await messageOf(server, look), /^get\w+ takes \{ .* \}; it got /);
    // The types of what is found.
    const typed = (domain: dokploy.GetDomainResult, output: pulumi.Output<dokploy.GetDomainResult>) => {
      const path: string = domain.path;
      const service: string | undefined = domain.serviceName;
      const entry: pulumi.Output<string | undefined> = output.customEntrypoint;
      // @ts-expect-error not there where nobody gave it
      const sure: string = domain.serviceName;
      return [path, service, entry, sure];
    };
    assert.equal(typed.length, 2);
  });
});
