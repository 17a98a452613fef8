import * as assert from "node:assert/strict";
import { z } from "zod";
import { allDefinitions } from "../../../../provider/resources";
import { nonEmptyText } from "../../../../provider/schema";

interface Leaf {
  /** `Notification channel.gotify.serverUrl` */
  readonly at: string;
  readonly type: z.ZodType;
  readonly secret: unknown;
}

function leavesOf(type: z.ZodType, at: string, around?: unknown): Leaf[] {
  const secret = type.meta()?.field?.secret ?? around;
  const within = (inner: unknown, name: string) => leavesOf(inner as z.ZodType, `${at}${name}`, secret);
  if (type instanceof z.ZodOptional) return within(type.unwrap(), "");
  if (type instanceof z.ZodArray) return within(type.element, "[]");
  if (type instanceof z.ZodRecord) return within(type.valueType, "{}");
  if (type instanceof z.ZodObject)
    return Object.entries(type.shape).flatMap(([name, inner]) => within(inner, `.${name}`));
  if (type instanceof z.ZodUnion) return type.options.flatMap((option, arm) => within(option, `|${arm}`));
  return [{ at, type, secret }];
}

const takes = ({ type }: Leaf, value: string) => type.safeParse(value).success;
const good = "https://shop.example.com";

/** By its name, or since it takes an address and not any word. */
const isAddress = (leaf: Leaf) =>
  /(?:ur[li]|endpoint|logo)$/i.test(leaf.at) || (takes(leaf, good) && !takes(leaf, "shop"));

/** What is wrong about an input that takes an address. */
function faultsOf(leaf: Leaf): string[] {
  const isText = (value: string) => takes(leaf, value);
  const written = isText(good) ? good : "shop.example.com";
  // What takes a query is called as it is, and stands in no line of a shell.
  const isLink = isText(`${good}/a?b=1&c=2`);
  const never = [" ", "\n", "\t", '"', "<", ">", "`", "\\", "{", "|", "\0"];
  const ofShells = ["$(id)", ";id", "&id", "'", "(x)"];
  const signs = [...never, ...(isLink ? [] : ofShells)];
  return [
    ...signs
      .flatMap((sign) => [
        `${written}${sign}`,
        `${written}/${sign}x`,
        `${sign}${written}`,
        `${written}/a${sign}`,
      ])
      .filter(isText)
      .map((value) => `takes ${JSON.stringify(value)}`),
    ...["javascript:alert(1)", "file:///etc/passwd", "https://", "http://"]
      // What Git clones from may be a path or of another scheme.
      .filter((value) => isText(value) && !isText("git@example.com:acme/api.git"))
      .map((value) => `takes ${value}`),
    ...(leaf.secret !== true && leaf.secret !== "login" && isText("https://ana:pw@shop.example.com/a")
      ? ["takes a login in clear"]
      : []),
  ];
}

describe("an input that takes an address", () => {
  const all = allDefinitions().flatMap(({ kind, schema }) => leavesOf(schema as z.ZodType, kind));
  const addresses = all.filter(isAddress);

  it("is found in each definition", () => {
    assert.ok(addresses.length >= 24, addresses.map(({ at }) => at).join(", "));
  });

  for (const leaf of addresses)
    it(`${leaf.at} accepts no space, no shell character, and a login only as a secret`, () => {
      assert.deepEqual(faultsOf(leaf), []);
    });

  it("is reported otherwise", () => {
    const any = leavesOf(z.strictObject({ url: nonEmptyText, hook: z.url() }), "Made").filter(isAddress);
    assert.deepEqual(
      any.map(({ at }) => at),
      ["Made.url", "Made.hook"],
    );
    for (const leaf of any) assert.ok(faultsOf(leaf).includes("takes a login in clear"));
  });

  it("accepts every character of addresses", () => {
    const named = (end: string) => addresses.filter(({ at }) => at.endsWith(end));
    const taken: readonly (readonly [end: string, ...values: string[]])[] = [
      [
        "serverUrl",
        "https://ntfy.sh",
        "https://ntfy.sh/",
        "http://10.0.0.7:8080/push",
        "https://ana:p%40ss@push.example.com",
        "http://[::1]:80",
        "https://münchen.example",
      ],
      [
        "webhookUrl",
        "https://prod.example.com:443/w/a/invoke?api-version=1&sp=%2Ftriggers%2Fx&sv=1.0&sig=a_b-c",
        "https://hooks.example.com/services/T0/B0/x#y",
      ],
      ["endpoint", "https://shop.example.com"],
      ["logo", "https://unpkg.example/x@1.2/logo.png?s=200&d=x"],
      ["primaryUrl", "http://primary:5001", "http://libsql-orders-a1b2c3:5001/"],
    ];
    for (const [end, ...values] of taken) {
      assert.ok(named(end).length > 0, end);
      for (const leaf of named(end))
        for (const value of values) assert.ok(takes(leaf, value), `${leaf.at} ${value}`);
    }
  });
});
