import { z } from "zod";
import { isRecord } from "../../packages/values";
import { policyOf } from "../../provider/dokploy/endpoint-policy";
import type { Endpoint } from "../../provider/dokploy/endpoints";
import { simple } from "../../provider/engine/simple/resource";
import { field } from "../../provider/engine/simple/spec";
import type { Entity } from "../../provider/lifecycle/entity";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { nonEmptyText } from "../../provider/schema/fields";
import { anyValue, generated, type Ids } from "./generated";
import { makeService, serviceKinds } from "./parents";
import { makeProject, type Server } from "./server";
import { madeFor } from "./simple-by-hand";
import { CANARY, simpleData } from "./simple-data";

type Values = Record<string, unknown>;
export type Any = Entity<never, never>;

/** Of no file and in no list: what holds for these holds for whatever is defined next. */
export const madeUp = [
  simple({
    kind: "Detour",
    router: "redirects",
    parents: { application: "none" },
    key: ["pattern"],
    label: ({ pattern }) => pattern,
    inputs: {
      pattern: field(nonEmptyText, { column: "regex" }),
      replacement: field(nonEmptyText, { secret: true }),
      permanent: field(z.boolean(), { replace: true }),
    },
  }),
] as unknown as Any[];
export const all = [...(allDefinitions() as unknown as Any[]), ...madeUp];
/** Kinds whose resources are objects of Dokploy. */
export const onServer = all.filter(({ kind }) => kind !== "GeneratedSecret");

/** Pulumi's mark of a secret. */
export const mark = "4dabf18193072939515e22adb298388d";
/** Whether a call changes nothing: it reads, or has Dokploy try something. */
export const isRead = (call: string) =>
  policyOf(call as Endpoint).method === "GET" || /\.test[A-Z]\w*$/.test(call);

/** What the inputs may name: a project, its environment, the organization and a member, services that run, and what test data has made first. */
export async function surroundings(server: Server, { kind, schema: { shape } }: Any): Promise<Ids> {
  const { projectId, environmentId } = await makeProject(server, "around");
  const row = simpleData[kind];
  const email = "ana@acme.example";
  const [organization] = await server.byHand<{ id: string }[]>("organization.all", {});
  const ids: Record<string, string> = {
    projectId,
    environmentId,
    organizationId: organization?.id ?? "",
    email,
    serverId: server.emulator.connect("server"),
  };
  await server.byHand("user.createUserWithCredentials", {
    email,
    password: "made-up-password",
    role: "member",
  });
  const parents = serviceKinds.filter((service) =>
    row === undefined ? `${service}Id` in shape : service === row.parent,
  );
  if ("target" in shape) parents.push("application");
  for (const service of new Set(parents))
    ids[`${service}Id`] = await makeService(server, service, environmentId);
  if (row) Object.assign(ids, await madeFor(server, row));
  server.newRun();
  server.warnings.length = 0;
  server.notices.length = 0;
  return ids;
}

/** Inputs that others need: a key signs a token, and no other secret. */
const otherwiseRefused: Readonly<Record<string, Values>> = { GeneratedSecret: { format: "jwt" } };

/** Inputs for an object of a kind: those of its test data, or else what its types alone tell. */
export function inputsFor({ kind, schema }: Any, ids: Ids): Values {
  const row = simpleData[kind];
  if (row === undefined) return { ...generated(schema, ids), ...otherwiseRefused[kind] };
  const named = [...Object.keys(row.made ?? {}), ...(row.parent ? [`${row.parent}Id`] : [])];
  return { ...row.inputs, ...Object.fromEntries(named.map((input) => [input, ids[input]])) };
}

/** The paths at which a canary stands. */
export function canaries(value: unknown, path = ""): string[] {
  if (typeof value === "string") return value.includes(CANARY) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  if (mark in value) return canaries((value as Values)["value"], `${path}.${mark}`);
  return Object.entries(value).flatMap(([name, inner]) =>
    canaries(inner, path === "" ? name : `${path}.${name}`),
  );
}

/** A value that differs from the one that is given. */
export function otherValue(name: string, schema: z.ZodObject, given: unknown, ids: Ids): unknown {
  const type = schema.shape[name] as z.ZodType;
  const isTaken = (value: unknown) => type.safeParse(value).success;
  if (given === undefined) return anyValue(name, type, ids);
  const others = [
    ...(typeof given === "string"
      ? ["2", "x", "y"].flatMap((end) => [given + end, given.slice(0, -1) + end])
      : []),
    ...(typeof given === "number" ? [given + 1] : []),
    ...(typeof given === "boolean" ? [!given] : []),
    ...(isRecord(given) && canaries(given).length > 0 ? [{ TOKEN: `${CANARY}-other` }] : []),
    ...(isRecord(given) ? [{ [name]: "other" }] : []),
  ];
  // An id made by the server may end in anything.
  return others.find((value) => value !== given && isTaken(value));
}
