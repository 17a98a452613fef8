import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { domainOf, mountOf, plainCompose, TemplateFolder, withEnv } from "./templates";

/** Note of a template whose domains have no https. */
const isHttp = "its domains are plain http, as in the template";

describe("what a template's texts become", () => {
  let folder: TemplateFolder;
  beforeEach(() => {
    folder = new TemplateFolder({});
  });
  afterEach(() => folder.remove());

  const written = (...args: Parameters<TemplateFolder["written"]>) => folder.written(...args);
  const hex = "!generate { format: hex, bytes";

  it("is the value that Dokploy would use, of each form of a helper", async () => {
    const cases: [variables: string[], text: string, value: string][] = [
      // A variable that begins with a helper has nothing else.
      [['a = "${password:20}suffix"'], "${a}", "!generate { name: a, length: 20 }"],
      [['a = "${hash:64}-${hash:20}"'], "${a}", `${hex.replace("format", "name: a, format")}: 32 }`],
      [
        ['a = "${password}x${base64:64}"'],
        "${a}",
        '!text { text: "${a}x${a_2}", values: { a: !generate { length: 16 }, a_2: !generate { format: base64, bytes: 64 } } }',
      ],
      [['a = "${password:}${base64:64}"'], "${a}", "!generate { name: a, length: 16 }"],
      [['a = "${password:q}${password:24}"'], "${a}", "!generate { name: a, length: 24 }"],
      [['a = "${base64:64}${password:24}"'], "${a}", "!generate { name: a, format: base64, bytes: 64 }"],
      [['a = "-${password:20}"'], "${a}", '!text { text: "-${a}", values: { a: !generate { length: 20 } } }'],
      [['a = "${hash}"'], "${a}", "!generate { name: a, format: hex, bytes: 16 }"],
      // A variable sees later ones as they are written, and others what became of it.
      [['a = "${b}"', 'b = "${c}"', 'c = "${d}"', 'd = "end"'], "${a}", "end"],
      [['a = "${b}"', 'b = "${hash}"'], "${a}", "!generate { name: b, format: hex, bytes: 16 }"],
      [
        ['p = "${password:20}"'],
        "${APP_NAME}:${p}",
        '!text { text: "${{APP_NAME}}:${p}", values: { p: !generate { length: 20 } } }',
      ],
      [['a = "<${b}"', 'b = "${c}"', 'c = "end"'], "${a}", '"<end"'],
      [['b = "${password:20}"', 'a = "${b}"'], "${a}", "!generate { name: b, length: 20 }"],
      [['a = "x${b}"', 'b = "y${uuid}"'], "${a}", '"xy${uuid}"'],
      [['uuid = "mine"'], "${uuid}", "!generate { format: uuid }"],
      [["a = 5"], "${a}", '"${a}"'],
      [['a = "${APP_NAME}-db"'], "${a}", '"${{APP_NAME}}-db"'],
      [[], "${uuid:4}${email:x}${username:}", '"${uuid:4}${email:x}${username:}"'],
      [[], "${timestamps:2031-01-01T00:00:00.600Z}", '"1924992001"'],
      [[], "${timestampms:2031-01-01T00:00:00Z}", '"1924992000000"'],
      [[], "${jwt:16}", `${hex}: 16 }`],
      // More than three digits, or a second field, are the key of a token.
      ...["1234", "12:34", "x1", "1x"].map((key): [string[], string, string] => [
        [],
        `\${jwt:${key}}`,
        '!generate { format: jwt, signingKey: !generate { name: A_key, format: hex, bytes: 32 }, payload: {"iss":"dokploy","exp":1893456000} }',
      ]),
      // Names of secrets.
      [['1st = "${password:20}"'], "${1st}", "!generate { name: _1st, length: 20 }"],
      [
        [`${"n".repeat(60)} = "\${password:20}"`],
        `\${${"n".repeat(60)}}`,
        `!generate { name: ${"n".repeat(50)}, length: 20 }`,
      ],
      [['A = "${password:20}"'], "${A}", "!generate { length: 20 }"],
      [
        ['a-b = "${password:20}"', 'a_b = "${password:24}"'],
        "${a-b}${a_b}${a-b}",
        '!text { text: "${a_b}${a_b_2}${a_b}", values: { a_b: !generate { length: 20 }, a_b_2: !generate { length: 24 } } }',
      ],
      [
        ['a-b = "${password:20}"', 'a-b_ = "${password:24}"'],
        "${a-b}${a-b_}${a_b}",
        '!text { text: "${a_b_}${a_b__}${a_b}", values: { a_b_: !generate { name: a_b, length: 20 }, a_b__: !generate { name: a_b_, length: 24 } } }',
      ],
    ];
    for (const [variables, text, value] of cases) {
      const { base } = await written(withEnv(variables, [`A = '${text}'`]));
      assert.equal(base, `A: ${value}\n`, `${variables.join("; ")}: ${text}`);
    }
  });

  it("has no text where a time belongs", async () => {
    for (const helper of ["timestamps", "timestampms"])
      await assert.rejects(
        written(withEnv([], [`A = "\${${helper}:soon}"`])),
        /it has a text that is not a time: soon/,
        helper,
      );
  });

  it("has the time of the call", async () => {
    const before = Date.now();
    const { base } = await written(
      withEnv(
        [],
        ["timestamp", "timestampms", "timestamps"].map((name) => `${name} = "\${${name}}"`),
      ),
    );
    const [ms, same, seconds] = [...base.matchAll(/^\w+: "(\d+)"$/gm)].map(([, time]) => Number(time));
    assert.ok(ms !== undefined && ms >= before && ms <= Date.now(), base);
    assert.equal(same, ms);
    assert.equal(seconds, Math.round(ms / 1000));
  });

  it("is generated within the sizes that a secret may have, with a note where they differ", async () => {
    const cases: [text: string, recipe: string, note: string | undefined][] = [
      ["password:15", "length: 16", "16 characters, not 15"],
      ["password:512", "length: 512", undefined],
      ["password:513", "length: 512", "512 characters, not 513"],
      ["password:0", "length: 16", undefined],
      ["base64:8", "format: base64, bytes: 16", "16 bytes, not 8"],
      ["base64:769", "format: base64, bytes: 768", "768 bytes, not 769"],
      ["jwt:8", "format: hex, bytes: 16", "16 bytes, not 8"],
      ["hash", "format: hex, bytes: 16", "16 bytes, not 4"],
      ["hash:8", "format: hex, bytes: 16", "16 bytes, not 4"],
      ["hash:33", "format: hex, bytes: 17", undefined],
      ["hash:1536", "format: hex, bytes: 768", undefined],
    ];
    for (const [text, recipe, note] of cases) {
      const { base, notes } = await written(withEnv([], [`A = "\${${text}}"`, `B = "\${${text}}"`]));
      assert.equal(base, `A: !generate { ${recipe} }\nB: !generate { ${recipe} }\n`, text);
      const expected = note === undefined ? [] : [`a secret has ${note} as in the template`];
      assert.deepEqual(notes, expected, text);
    }
    const { base } = await written(withEnv([], ['A = "${hash:7}"']));
    assert.match(base, /^A: "?[0-9a-f]{7}"?\n$/);
  });

  it("is a token with the claims and the key that the template gives", async () => {
    const token = (key: string, payload: string) =>
      `!generate { format: jwt, signingKey: !generate { name: ${key} }, payload: ${payload} }`;
    const ended = '"iss":"dokploy","exp":1893456000';
    const own = (name: string) => `${name}_key, format: hex, bytes: 32`;
    const publicKey = (name: string, key = `${name}_key`) =>
      `${name} is signed with a new secret, ${key}, since everybody can read the text with which the template signs it`;
    const cases: [variables: string[], text: string, value: string, notes: string[]][] = [
      [['k = "text"', `c = '{"b":1}'`], "${jwt:k:c}", token(own("A"), `{"b":1,${ended}}`), [publicKey("A")]],
      [[], "${jwt:none:none}", token(own("A"), `{${ended}}`), [publicKey("A")]],
      [[], "${jwt:}", token(own("A"), `{${ended}}`), []],
      [['k = "x${password:20}"'], "${jwt:k}", token(own("A"), `{${ended}}`), [publicKey("A")]],
      [['k = "${jwt}"'], "${jwt:k}", token(own("A"), `{${ended}}`), [publicKey("A")]],
      [['k = "${password:20}"'], "${jwt:k}", token("k, length: 20", `{${ended}}`), []],
      [
        [`c = '{"b":1}'`, 't = "${jwt:k:c}"'],
        "${t}",
        token(own("t"), `{"b":1,${ended}}`).replace("{", "{ name: t,"),
        [publicKey("t")],
      ],
      [["c = '[1]'"], "${jwt::c}", token(own("A"), `{${ended}}`), []],
      [[`c = '{"iss":"","exp":0}'`], "${jwt::c}", token(own("A"), `{${ended}}`), []],
    ];
    for (const [variables, text, value, notes] of cases) {
      const made = await written(withEnv(variables, [`A = '${text}'`]));
      assert.equal(made.base, `A: ${value}\n`, `${variables.join("; ")}: ${text}`);
      assert.deepEqual(made.notes, notes, text);
    }
    const twice = await written(withEnv(['k = "${password:20}"'], ['A = "${jwt:k}"', 'B = "${jwt:k}"']));
    assert.match(twice.base, /^B: !generate \{ format: jwt, signingKey: !generate k, payload/m);
  });

  it("never takes the secret of a variable as the key that it makes for a token", async () => {
    const { base } = await written(
      withEnv(['T_key = "${password:20}"'], ['P = "${T_key}"', 'T = "${jwt:text}"']),
    );
    assert.match(
      base,
      /^P: !generate \{ name: T_key, length: 20 \}\nT: .*signingKey: !generate \{ name: T_key_2, format: hex, bytes: 32 \}/,
    );
    const other = await written(
      withEnv(['T_key = "${password:20}"'], ['T = "${jwt:text}"', 'P = "${T_key}"']),
    );
    assert.match(
      other.base,
      /signingKey: !generate \{ name: T_key, format: hex.*\nP: !generate \{ name: T_key_2, length: 20 \}/,
    );
  });

  it("may be as long as a template can need", async () => {
    const claims = (length: number) =>
      withEnv([`c = '{"b":"${"x".repeat(length - 8)}"}'`], ['A = "${jwt::c}"']);
    assert.match((await written(claims(2000))).base, /"b":"x{1992}"/);
    await assert.rejects(written(claims(2001)), /the claims of a token are too long/);
    // One of them is the name of the service.
    const many = (count: number) => withEnv([], [`A = "${"${uuid}".repeat(count)}"`]);
    assert.equal((await written(many(999))).base.match(/format: uuid/g)?.length, 999);
    await assert.rejects(written(many(1000)), /it has more than 1000 generated values/);
    const chain = (count: number) => {
      const names = Array.from({ length: count }, (_, at) => at);
      return withEnv([...names.map((at) => `t${at} = '\${jwt::t${at + 1}}'`), `t${count} = "x"`].reverse(), [
        'A = "${jwt::t0}"',
      ]);
    };
    assert.match((await written(chain(3))).base, /^A: /);
    const long = (count: number) =>
      mountOf("a", "${v}".repeat(count)).replace(/^/, `[variables]\nv = "${"x".repeat(1000)}"\n`);
    const most = Math.floor((2 ** 21 - 1000) / 1004);
    assert.equal((await written(long(most))).read("services/web/files/a").length, most * 1000);
    await assert.rejects(written(long(2200)), /a text of it is too long with its variables/);
  });

  it("has no character that could be taken for a generated value", async () => {
    for (const character of ["\\uE000", "\\uE001", "\\u0000"]) {
      await assert.rejects(
        written(`a = "${character}"`),
        /template\.toml contains a character that no text has/,
        character,
      );
      const real: string = JSON.parse(`"${character}"`);
      await assert.rejects(
        written("", `# ${real}\n${plainCompose}`),
        /docker-compose\.yml contains a character/,
        character,
      );
    }
    await assert.rejects(written(`[variables]\n"\uE000" = "a"`), /template\.toml contains a character/);
  });

  describe("in a host", () => {
    const hostsOf = ({ app }: { app: string }) => [...app.matchAll(/host: (\S+),/g)].map(([, host]) => host);
    const variable = (name: string) => `${name} = "\${domain}"`;

    it("is the host of its variable, whose name says how it differs", async () => {
      const names = [
        "main_domain",
        "web_host",
        "Admin-URL",
        "domain_url",
        "main",
        "url_host",
        "admin",
        `${"n".repeat(35)}`,
        `${"n".repeat(34)}`,
      ];
      const config = `[variables]\n${names.map(variable).join("\n")}\n${names.map((name) => domainOf(`host = "\${${name}}"`)).join("")}`;
      const made = await written(config);
      const labels = [
        "",
        "web-",
        "admin-",
        "also-",
        "also-2-",
        "also-3-",
        "admin-2-",
        `${"n".repeat(30)}-`,
        `${"n".repeat(30)}-2-`,
      ];
      assert.deepEqual(
        hostsOf(made),
        ["test.", ""].flatMap((stage) => labels.map((label) => `${stage}${label}web.acme.dev`)),
      );
      assert.deepEqual(
        made.notes.map((note) => note.slice(0, isHttp.length)),
        [isHttp],
      );
    });

    it("is at most as long as a host may be", async () => {
      const long = "w".repeat(40);
      const config = `[variables]\n${variable("a")}\n${variable("n".repeat(40))}\n${domainOf('host = "${a}"')}${domainOf(`host = "\${${"n".repeat(40)}}"`)}`;
      folder.project("long");
      folder.write({
        "templates/blueprints/odd/template.toml": config,
        "templates/blueprints/odd/docker-compose.yml": plainCompose,
      });
      await folder.init("long", ["--template", `odd,host=${long}.acme.dev`]);
      const app = readFileSync(join(folder.path, "long/services/odd/dokploy-app.yaml"), "utf8");
      assert.equal(hostsOf({ app }).at(-1), `${`${"n".repeat(30)}-${long}`.slice(0, 63)}.acme.dev`);
    });

    it("is the main one for a place without a variable", async () => {
      const { prod, app } = await written(
        `${domainOf('host = "api.${domain}"')}[config.env]\nA = "\${domain}"\nB = "x\${domain}/\${domain}"\n`,
      );
      assert.equal(prod, "A: web.acme.dev\nB: xweb.acme.dev/web.acme.dev\n");
      assert.match(app, /host: api\.web\.acme\.dev,/);
    });

    it("is refused as a secret", async () => {
      await assert.rejects(written(domainOf('host = "${password}"')), /contains a generated secret/);
    });
  });

  it("has a port of its own for each place, in each stage", async () => {
    const names = Array.from({ length: 300 }, (_, at) => `P${at}`);
    const direct = ["A", "B", "C"].map((name) => `${name} = "\${randomPort}"`);
    const { test, prod, base } = await written(
      withEnv(
        names.map((name) => `${name} = "\${randomPort}"`),
        [...names.map((name) => `${name} = "\${${name}}"`), ...direct, 'AGAIN = "${P7}"', 'BASE = "x"'],
      ),
    );
    assert.equal(base, "BASE: x\n");
    const ports = [test, prod].map((text) =>
      Object.fromEntries(
        [...text.matchAll(/^(\w+): "(\d+)"$/gm)].map(([, name, port]) => [name, Number(port)]),
      ),
    );
    for (const of of ports) {
      assert.equal(of["AGAIN"], of["P7"]);
      delete of["AGAIN"];
    }
    const all = ports.flatMap((of) => Object.values(of) as number[]);
    assert.equal(new Set(all).size, 606);
    assert.ok(all.every((port) => port >= 20_000 && port < 32_000));
  });

  it("is one host for a variable and one before it that has its value", async () => {
    const variables = ['a = "${b}"', 'b = "${domain}"', 'c = "${domain}"'];
    const { prod } = await written(withEnv(variables, ["C = '${c}'", "B = '${b}'", "A = '${a}'"]));
    assert.equal(prod, "C: web.acme.dev\nB: b-web.acme.dev\nA: b-web.acme.dev\n");
  });

  it("is the same secret in the files of a stage as in those of all, also where two have names alike", async () => {
    const { base, test } = await written(
      withEnv(
        ['a-b = "${password:20}"', 'a_b = "${password:24}"', 'main_domain = "${domain}"'],
        ["A = '${a-b}'", "B = '${a_b}'", "URL = 'https://${a_b}@${main_domain}'"],
      ),
    );
    assert.equal(base, "A: !generate { name: a_b, length: 20 }\nB: !generate { name: a_b_2, length: 24 }\n");
    assert.equal(
      test,
      'URL: !text { text: "https://${a_b_2}@test.web.acme.dev", values: { a_b_2: !generate } }\n',
    );
  });

  it("is in the files of each stage where it differs, and its secrets are described in each", async () => {
    const { base, test, prod } = await written(
      withEnv(
        [
          'main_domain = "${domain}"',
          'p = "${password:20}"',
          'q = "${password:24}"',
          `c = '{"aud":"\${main_domain}"}'`,
          'k = "${password:32}"',
        ],
        [
          "Q = '${q}'",
          "URL = 'https://${p}@${main_domain}'",
          "R = '${q}@${main_domain}'",
          "S = '${p}@${main_domain}'",
          "T = '${jwt:k:c}'",
        ],
      ),
    );
    assert.equal(base, "Q: !generate { name: q, length: 24 }\n");
    const ofStage = (
      host: string,
    ) => `URL: !text { text: "https://\${p}@${host}", values: { p: !generate { length: 20 } } }
R: !text { text: "\${q}@${host}", values: { q: !generate } }
S: !text { text: "\${p}@${host}", values: { p: !generate } }
T: !generate { format: jwt, signingKey: !generate { name: k, length: 32 }, payload: {"aud":"${host}","iss":"dokploy","exp":1893456000} }
`;
    assert.equal(test, ofStage("test.web.acme.dev"));
    assert.equal(prod, ofStage("web.acme.dev"));
  });
});
