import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "../../sdk";
import { LookupError } from "../../sdk/lookups/error";
import { run, seen } from "./lookups";
import { type Server, startServer } from "./server";

type Values = Record<string, unknown>;

const functions = dokploy as unknown as Readonly<Record<string, (args?: Values) => pulumi.Output<unknown>>>;
/** The forms that take outputs, of which the program may mark any. */
const names = Object.keys(functions).filter((name) => /^get[A-Z]\w*Output$/.test(name));

/** Of which kind something is. */
const kinds = ["web-server", "dokploy-server", "tcp"];

/** By the name of an argument, what it has to be where not any text is taken. */
const fixedFor = (name: string): Readonly<Record<string, unknown>> => ({
  databaseType: kinds[0],
  scheduleType: kinds[1],
  protocol: kinds[2],
  publishedPort: 47110,
  ...(/Gitlab/.test(name) ? { projectId: 47111 } : {}),
});

describe("functions that look things up, of whose arguments the program marks every one as secret", () => {
  let server: Server;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  it("are all covered", () => assert.ok(names.length > 60, names.join()));

  for (const name of names) {
    it(`${name} shows none of them if Dokploy's words quote them`, async () => {
      let refused = 0;
      for (const [index, set] of (await setsOf(server, name)).entries()) {
        const args = Object.fromEntries(
          set.map((input, at) => [input, fixedFor(name)[input] ?? valueFor(input, index * 10 + at)]),
        );
        const marked = Object.fromEntries(
          Object.entries(args).map(([input, value]) => [input, pulumi.secret(value)]),
        );
        for (const text of ["", ...Object.values(args).map(String)]) {
          // A word of the API tells nothing.
          if (kinds.includes(text)) continue;
          const quoted = writings(text);
          const all = quoted.join(" ");
          for (const message of [all, "so ".repeat(100).slice(0, 300 - text.length / 2) + all]) {
            server.emulator.faults.clear();
            server.emulator.faults.add({ endpoint: /./, times: 99, status: 400, body: { message } });
            const look = functions[name] as (args?: Values) => pulumi.Output<unknown>;
            const said = await outcomeOf(server, () => seen(look(set.length > 0 ? marked : undefined)));
            if (text !== "") for (const one of quoted) assert.ok(!said.includes(one), `${one}: ${said}`);
            if (server.emulator.calls.some(({ status }) => status === 400)) refused += 1;
          }
        }
      }
      assert.ok(refused > 0, "Dokploy was asked");
    });
  }
});

/** The sets of arguments that a function takes, by what it says of others; one without any where it takes none. */
async function setsOf(server: Server, name: string): Promise<string[][]> {
  const said = await outcomeOf(server, async () => functions[name]?.({ nothing: "1" }));
  const [sets = ""] = said.split("; it got ");
  const found = [...sets.matchAll(/\{ ([^}]*)\}/g)].map(([, inner = ""]) =>
    inner.trim().replaceAll("?", "").split(", "),
  );
  return / takes \{/.test(sets) ? found : [[]];
}

function valueFor(input: string, n: number): unknown {
  if (/id$/i.test(input)) return `q7zxTGCVtx0St2SA3v${100 + n}`;
  return `q7zx<&"é${n}`;
}

/** How somebody else may write it. A short number says nothing but as it stands. */
function writings(text: string): string[] {
  if (/^\d+$/.test(text)) return [text];
  const bytes = Buffer.from(text);
  const entities = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return [text, bytes.toString("hex"), bytes.toString("base64"), entities, JSON.stringify(text).slice(1, -1)];
}

async function outcomeOf(server: Server, look: () => Promise<unknown>): Promise<string> {
  const { value } = await run(server, () =>
    look().then(
      (found) => found,
      (error: unknown) => error,
    ),
  );
  return value instanceof Error
    ? `${value.message} ${value.stack} ${value instanceof LookupError}`
    : JSON.stringify(value);
}
