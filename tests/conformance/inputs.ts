import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { isRecord } from "../../packages/values";
import type { Api } from "../../provider/dokploy/endpoints";
import type { Model } from "../../provider/engine/simple/model";
import { Objects } from "../../provider/engine/simple/objects";
import type { Entity } from "../../provider/lifecycle/entity";
import { identityKey } from "../../provider/pulumi/identity";
import { toColumn } from "../../provider/schema/columns";
import { at, compile, type MappedField, put } from "../../provider/schema/compile";
import { generated, type Ids, NO_ID } from "../resources/generated";
import { plain } from "../resources/server";
import { simpleData } from "../resources/simple-data";
import { handlersOf } from "./handlers";
import { beside, entryFor, entryOf, least, ofOwner, together, values } from "./input-tables";
import { inItsArm, typeAt, valuesAway } from "./input-values";
import type { Target } from "./scenarios";

type Values = Record<string, unknown>;
export type Kind = Entity<never, never> & { readonly model?: Model };

/** `kept`: the server's row had the value, and then what the page promises. Else the reason for less. */
export type Outcome = "kept" | "not in the row" | `exempt: ${string}`;

/** Walks the inputs of a kind, each by itself: set away from the default, removed or set back, and the row compared. */
export class Walk {
  private live: { given: Values; readonly id: string; olds: Values } | undefined;
  private readonly page: string;

  constructor(
    private readonly definition: Kind,
    private readonly target: Target,
    private readonly api: Api,
    private readonly ids: Ids,
  ) {
    const read = (name: string) => readFileSync(join(__dirname, `../../docs/reference/${name}.md`), "utf8");
    const file = definition.kind.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    const sections = read("databases").split(/^(?=## )/m);
    const section = sections.find((text) => text.startsWith(`## ${definition.kind}\n`));
    // What all databases have is after the section of the kind.
    const common = sections.find((text) => text.startsWith("## Inputs\n")) ?? "";
    const page = section === undefined ? read(file) : `${section}${common}`;
    this.page = `${page}\n${read("shared-inputs")}`;
  }

  async input(leaf: MappedField): Promise<Outcome> {
    const path = leaf.path.join(".");
    if (path === "import") return "not in the row";
    try {
      const found = await this.inputsOf(leaf);
      if (typeof found === "string") return `exempt: ${found}`;
      const { base, aways } = found;
      const known = new Set([...Object.values(this.ids), ...aways.map((away) => at(away, leaf.path))]);
      const hidden = this.madeByDokploy(leaf, base);
      const rowWith = async (given: Values) => settled(await this.rowWith(given), known, hidden);
      const before = await rowWith(base);
      let there = before;
      // The server may have the first value as it is.
      for (const away of aways.slice(0, 3)) {
        there = await rowWith(away);
        if (isSilent(leaf) || !isDeepStrictEqual(there, before)) break;
      }
      const isKept = !isDeepStrictEqual(there, before);
      if (!isKept) assert.ok(isSilent(leaf) || isThere(leaf, before, aways[0]), `${path} reaches the row`);
      const back = await rowWith(base);
      const stays = at(base, leaf.path) === undefined && this.staysByPage(leaf);
      const promised = stays ? there : before;
      assert.deepEqual(
        back,
        promised,
        `${path}: without it, the row is ${stays ? "as with it" : "as before"}`,
      );
      if (stays) await this.end();
      return isKept ? "kept" : "not in the row";
    } catch (error) {
      await this.end().catch(() => {});
      const need = beyond.find(([says]) => says.test(String(error)));
      if (need !== undefined) return `exempt: ${need[1]}`;
      throw error;
    }
  }

  /** Columns of secrets that Dokploy makes, since the program gives none. */
  private madeByDokploy(leaf: MappedField, base: Values): string[] {
    return compile(this.definition.schema, [], undefined).flatMap(({ path, column, secret }) =>
      secret === true &&
      column !== undefined &&
      path.join() !== leaf.path.join() &&
      at(base, path) === undefined
        ? [column]
        : [],
    );
  }

  /** Deletes the object. */
  async end(): Promise<void> {
    const { id, olds } = this.live ?? {};
    this.live = undefined;
    const agreement = "allowDeletion" in this.definition.schema.shape ? { allowDeletion: true } : {};
    if (id !== undefined) await this.handlers().delete(id, { ...olds, ...agreement });
  }

  private handlers() {
    return handlersOf(this.definition.kind, this.target);
  }

  /** Inputs without one and with it, which a check takes; or why there are none. */
  private async inputsOf(leaf: MappedField): Promise<{ base: Values; aways: Values[] } | string> {
    const { kind, schema } = this.definition;
    const [name = ""] = leaf.path;
    const owned = { ...(await this.given(name)), ...definedIn(entryFor(beside, kind, leaf, this.ids)) };
    const given = inItsArm(schema, leaf, owned, this.ids);
    for (const [other, value] of Object.entries(entryFor(beside, kind, leaf, this.ids) ?? {}))
      put(given, [other], value);
    const bare = structuredClone(given);
    put(bare, leaf.path, undefined);
    const base = (await this.refusals(bare)).length === 0 ? bare : given;
    const { isTag } = typeAt(schema, leaf.path, leaf.arm);
    const refused: string[] = await this.refusals(base);
    if (refused.length > 0) throw new Error(`${name}: the base is refused: ${refused.join("; ")}`);
    const found = entryFor(values, kind, leaf, this.ids);
    const aways: Values[] = [];
    for (const value of found === undefined ? valuesAway(schema, leaf, base, this.ids) : [found]) {
      const away = structuredClone(base);
      put(away, isTag ? leaf.path.slice(0, -1) : leaf.path, value);
      for (const [other, more] of Object.entries(entryFor(together, kind, leaf, this.ids) ?? {}))
        put(away, [other], more);
      const failures = await this.refusals(away);
      if (failures.length === 0) aways.push(away);
      else refused.push(...failures);
    }
    if (aways.length > 0) return { base, aways };
    return refused.length > 0 ? refused.join("; ") : "nothing its type takes is away from the default";
  }

  /** What a program gives of this kind at least, of an object that belongs to what the input names, if it does. */
  private async given(input: string): Promise<Values> {
    const { kind, schema } = this.definition;
    const data = simpleData[kind];
    const named = data && [...Object.keys(data.made ?? {}), ...(data.parent ? [`${data.parent}Id`] : [])];
    const tested = data && {
      ...data.inputs,
      ...Object.fromEntries((named ?? []).map((name) => [name, this.ids[name]])),
    };
    const complete = entryOf(least[kind], this.ids) ?? tested;
    const inputs = this.owned(input, complete ?? generated(schema, this.ids, { secrets: false }));
    Object.assign(inputs, {
      ...("allowReplacement" in schema.shape ? { allowReplacement: true } : {}),
      ...("allowReplacementOf" in schema.shape ? { allowReplacementOf: inputs["name"] } : {}),
      ...("deploy" in schema.shape ? { deploy: false } : {}),
      ...("testConnection" in schema.shape ? { testConnection: false } : {}),
      ...("setup" in schema.shape ? { setup: false } : {}),
    });
    const isNeeded = (name: string) => !(schema.shape[name] as z.ZodType).safeParse(undefined).success;
    const needed = Object.fromEntries(
      Object.entries(inputs).filter(([name]) => isNeeded(name) || /^(?:allow|deploy)/.test(name)),
    );
    return complete || (await this.refusals(needed)).length > 0 ? inputs : needed;
  }

  private owned(input: string, given: Values): Values {
    const { shape } = this.definition.schema;
    const isOwner = (name: string) =>
      (shape[name] as z.ZodType | undefined)?.meta()?.field?.looksItself === true && name !== "environmentId";
    if (!isOwner(input) || input in given) return { ...given };
    const { command, ...rest } = Object.fromEntries(
      Object.entries(given).filter(([name]) => !isOwner(name) && !ofOwner.includes(name)),
    );
    return {
      ...rest,
      ...(command === undefined ? {} : { [input === "serverId" ? "script" : "command"]: command }),
      ...(input === "composeId" && "serviceName" in shape ? { serviceName: "web" } : {}),
      [input]: this.ids[input],
    };
  }

  private identified(given: Values): Values {
    return {
      [identityKey]: { identity: `${this.definition.kind} walked`, name: "walked" },
      ...structuredClone(given),
    };
  }

  private async refusals(given: Values): Promise<string[]> {
    const { failures } = await this.handlers().check(this.live?.olds ?? {}, this.identified(given));
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  }

  private async rowWith(given: Values): Promise<unknown> {
    const { live } = this;
    if (live === undefined || !isDeepStrictEqual(live.given, given)) await this.apply(given);
    return await this.row();
  }

  private async apply(given: Values): Promise<void> {
    const { live } = this;
    const handlers = this.handlers();
    const { inputs, failures } = await handlers.check(live?.olds ?? {}, this.identified(given));
    assert.deepEqual(failures, []);
    if (live !== undefined) {
      const { changes, replaces = [] } = await handlers.diff(live.id, live.olds, inputs);
      if (replaces.length === 0) {
        if (changes !== false) live.olds = plain((await handlers.update(live.id, live.olds, inputs)).outs);
        live.given = given;
        return;
      }
      await this.end();
    }
    const { id, outs } = await handlers.create(inputs).catch(async (error) => {
      const { id: begun, properties = {} } = error as { id?: string; properties?: Values };
      if (begun !== undefined) await this.handlers().delete(begun, plain(properties));
      throw error;
    });
    this.live = { given, id, olds: plain(outs) };
  }

  private async row(): Promise<unknown> {
    const { kind, model } = this.definition;
    const { id = "", given = {} } = this.live ?? {};
    const read = rows[kind];
    if (read !== undefined) return await read(this.call, id, given);
    if (model !== undefined) return await new Objects(model.spec.router).one(id, this.api);
    const router = kind.toLowerCase();
    return await this.call(`${router}.one`, { [`${router}Id`]: id });
  }

  private readonly call: Call = async (endpoint, input) =>
    (await this.api.call(endpoint as never, input as never)) as Values;

  /** Whether the reference says that an input keeps its value in Dokploy when the program no longer has it. */
  private staysByPage(leaf: MappedField): boolean {
    const paths = leaf.path.map((_, index) => leaf.path.slice(0, index + 1).join("."));
    const starts = paths.map((path) => `| \`${path}\` `);
    const said = this.page.split("\n").filter((line) => starts.some((start) => line.startsWith(start)));
    const removed = said.find((text) => text.includes("When removed from the program"));
    if (removed) return /When removed from the program, (?:it stays|they stay) as/.test(removed);
    const [introduction = ""] = this.page.split("\n## ");
    return (
      /left out (?:is|are) not touched/.test(introduction) ||
      said.some((text) => /(?:is|are) not touched/.test(text))
    );
  }
}

/** What a server may lack for an input, by its answer. */
const beyond: readonly (readonly [says: RegExp, need: string])[] = [
  [/needs a license/, "it needs a license"],
  [new RegExp(`has no [\\w ]+ ${NO_ID}`), "there is nothing that it may name"],
  [/over SSH|SSH connection error|Connection lost before handshake/, "it needs another server that answers"],
  [/cannot reach the image registry/, "it needs an image"],
];

/** True for an input that no row shows. */
function isSilent({ column, writeOnly, createOnly }: MappedField): boolean {
  return column === undefined || writeOnly === true || createOnly === true;
}

/** True where the row has the value of an input without it, since that follows from other inputs. */
function isThere(leaf: MappedField, row: unknown, given: Values | undefined): boolean {
  return (
    isRecord(row) && isDeepStrictEqual(row[leaf.column ?? ""], toColumn(leaf, at(given ?? {}, leaf.path)))
  );
}

type Call = (endpoint: string, input: Values) => Promise<Values>;

/** Where the row is not that of `<kind>.one`. */
const rows: Readonly<Record<string, (call: Call, id: string, given: Values) => Promise<unknown>>> = {
  ApiKey: async (call, id) =>
    ((await call("user.get", {}))["user"] as { apiKeys: Values[] }).apiKeys.find((key) => key["id"] === id),
  EnvironmentBlock: async (call, _id, { target }) => {
    const [name = ""] = Object.keys(target as Values);
    return await call(`${name.slice(0, -2)}.one`, target as Values);
  },
  Member: (call, userId) => call("user.one", { userId }),
  TraefikFile: async (call, _id, { path }) => ({
    path,
    content: await call("settings.readTraefikFile", { path: `/etc/dokploy/traefik/${path}` }),
  }),
  WebServerSettings: (call) => call("settings.getWebServerSettings", {}),
};

/**
 * Returns a row without what says when it was written, and as which object: what Dokploy makes is the same for all. An
 * empty text is none, since Dokploy has null until a text was set once.
 */
function settled(row: unknown, known: ReadonlySet<unknown>, hidden: readonly string[]): unknown {
  if (row === "") return null;
  if (typeof row === "string") return known.has(row) ? row : row.replace(made, "made");
  if (Array.isArray(row)) return row.map((one) => settled(one, known, hidden));
  if (!isRecord(row)) return row;
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !passing.has(name) && !hidden.includes(name))
      .map(([name, value]) => [name, settled(value, known, hidden)]),
  );
}

const passing: ReadonlySet<string> = new Set([
  "createdAt",
  "updatedAt",
  "lastRequest",
  "appName",
  "refreshToken",
  "uniqueConfigKey",
]);
/** Ids, passwords, keys, and names of volumes. */
const made =
  /^[\w-]{21}$|^[a-zA-Z0-9]{32}$|^-----BEGIN OPENSSH[\s\S]+$|^ssh-ed25519 .+$|^certificate-[\w-]+$|(?<=^[a-z]+-)[\w-]+(?=-data$)/;

function definedIn(given: Values = {}): Values {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
