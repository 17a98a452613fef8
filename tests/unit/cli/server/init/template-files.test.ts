import * as assert from "node:assert/strict";
import { domainOf, mountOf, plainCompose, TemplateFolder, withEnv } from "./templates";

/** Note of a template whose domains have no https. */
const isHttp = "its domains are plain http, as in the template";

describe("the files of a template", () => {
  let folder: TemplateFolder;
  beforeEach(() => {
    folder = new TemplateFolder({});
  });
  afterEach(() => folder.remove());
  const written = (...args: Parameters<TemplateFolder["written"]>) => folder.written(...args);

  describe("in a mount", () => {
    it("is a file of all stages where nothing differs", async () => {
      const made = await written(
        `[variables]\np = "\${password:20}"\n${mountOf("//a/b.conf", "<${p}|${p}>")}${mountOf("./.env")}${mountOf(".//c")}`,
      );
      assert.equal(
        made.app,
        `kind: compose
mounts:
  - { type: file, filePath: a/b.conf, mountPath: "/a/b.conf", content: !file { path: files/a/b.conf, values: { p: !generate { length: 20 } } } }
  - { type: file, filePath: ".env", mountPath: "/.env", content: !file files/.env }
  - { type: file, filePath: c, mountPath: "/c", content: !file files/c }
`,
      );
      assert.equal(made.read("services/web/files/a/b.conf"), "<${p}|${p}>");
      assert.deepEqual(made.notes, []);
    });

    it("is a file of one stage only where it differs", async () => {
      const made = await written(
        `[variables]\nh = "\${domain}"\n${mountOf("a", "${h}")}${mountOf("${h}", "x")}${mountOf("b", "x")}`,
      );
      const files = [...made.app.matchAll(/content: !file (\S+) \}/g)].map(([, path]) => path);
      assert.deepEqual(files, [
        "files/test/a",
        "files/test/test.web.acme.dev",
        "files/b",
        "files/prod/a",
        "files/prod/web.acme.dev",
        "files/b",
      ]);
      assert.equal(made.read("services/web/files/prod/a"), "web.acme.dev");
      assert.match(made.app, /^ {2}test:\n {4}mounts:\n {6}- \{/m);
    });

    it("is refused where its path cannot be a file's, or is another's", async () => {
      const refused = [
        "",
        "..",
        ".",
        "a/..",
        "a/.",
        "a/../b",
        "a/./b",
        "a//b",
        "a/",
        "a:b",
        "~/a b",
        `a/${"b".repeat(101)}`,
        "b".repeat(101),
        Array(21).fill("a").join("/"),
        "a\nb",
        "x/a b",
        "é",
      ];
      for (const path of refused)
        await assert.rejects(
          written(mountOf(path)),
          /the path .* of a mount is not one of letters/s,
          JSON.stringify(path),
        );
      for (const path of [
        "b".repeat(100),
        `a/${"b".repeat(100)}`,
        Array(20).fill("a").join("/"),
        ".a/b",
        "a+b-c_D.1",
      ])
        assert.match((await written(mountOf(path))).app, /mounts:/, path);
      for (const [one, other] of [
        ["a", "a"],
        ["A/b", "a"],
        ["a/b", "A/B"],
      ] as const)
        await assert.rejects(
          written(mountOf(one) + mountOf(other)),
          /two mounts have the path/,
          `${one} ${other}`,
        );
      for (const other of ["ab", "a.b"]) await written(mountOf("a") + mountOf(other));
      const ofStage = `[variables]\nh = "\${domain}"\n${mountOf("a", "${h}")}`;
      await assert.rejects(written(ofStage + mountOf("test/a")), /two mounts have the path/);
      await assert.rejects(written(ofStage + mountOf("prod")), /two mounts have the path/);
      await assert.rejects(
        written(`${mountOf("a") + mountOf("${p}")}[variables]\np = "\${password}"\n`),
        /contains a generated secret/,
      );
      await assert.rejects(
        written(mountOf("${APP_NAME}")),
        /contains \$\{APP_NAME\}, which only Dokploy knows/,
      );
    });
  });

  it("has the fields of a domain that Dokploy saves", async () => {
    const cases: [fields: string, line: string, note?: RegExp][] = [
      ['path = ""\nhost = ""\ninternalPath = ""', "port: 80, serviceName: web"],
      [
        'path = "/a"\ninternalPath = "/b"\nstripPath = true\nhttps = true',
        'port: 80, serviceName: web, path: "/a", internalPath: "/b", stripPath: true, https: true',
      ],
      ['path = 5\nstripPath = "true"\nhttps = "true"\nname = "x"', "port: 80, serviceName: web"],
      ['tls = ""\nmiddlewares = []', "port: 80, serviceName: web"],
      ['middlewares = ["a"]', "port: 80, serviceName: web", /^middlewares of the domain of web: left out/],
      ["certificate = false", "port: 80, serviceName: web", /^certificate of the domain of web: left out/],
    ];
    for (const [fields, line, note] of cases) {
      const { app, notes } = await written(domainOf(fields));
      assert.ok(app.includes(`\n      - { host: web.acme.dev, ${line} }\n`), app);
      const isSafe = fields.includes("https = true");
      const others = notes.filter((each) => !each.startsWith(isHttp));
      assert.equal(notes.length - others.length, isSafe ? 0 : 1, fields);
      if (note === undefined) assert.deepEqual(others, [], fields);
      else assert.match(others.join("\n"), note);
    }
    for (const port of ["1", "65535", '"80"'])
      assert.ok(
        (await written(domainOf("").replace("= 80", `= ${port}`))).app.includes(
          `port: ${port.replaceAll('"', "")},`,
        ),
        port,
      );
    for (const port of ["1.5", '"x"', "-1"]) {
      const { app, notes } = await written(domainOf("").replace("= 80", `= ${port}`));
      assert.equal(app, "kind: compose\n");
      assert.match(notes.join(), /^the domain of web is left out, since its port is no number/);
    }
    const mixed = await written(domainOf("https = true") + domainOf(""));
    assert.equal(mixed.notes.filter((note) => note.startsWith(isHttp)).length, 1);
    const unnamed = await written(
      '[[config.domains]]\nserviceName = ""\nport = 80\n[[config.domains]]\nserviceName = 5\nport = 80\n',
    );
    assert.equal(unnamed.app, "kind: compose\n");
    assert.deepEqual(unnamed.notes, [
      "a domain without serviceName is left out: add it to domains, with the service of the compose file",
    ]);
  });

  it("is what Dokploy reads of a template.toml, and nothing else of it", async () => {
    for (const config of [
      "",
      '[metadata]\nid = "x"',
      'variables = "x"\nconfig = "x"',
      '[config]\ndomains = "x"\nmounts = "x"',
      "[config]\ndomains = [1]\nmounts = [1]",
      "[[config.mounts]]",
    ]) {
      const { base, app, notes } = await written(config);
      assert.deepEqual([base, app, notes], ["", "kind: compose\n", []], config);
    }
    for (const config of [
      '[[config.mounts]]\nfilePath = "a"',
      '[[config.mounts]]\ncontent = "a"',
      '[[config.mounts]]\nfilePath = "a"\ncontent = 5',
    ])
      assert.match(
        (await written(config)).notes.join(),
        /^a mount without both filePath and content is left out/,
        config,
      );
    assert.equal(
      (await written('[config]\nenv = [{ A = "${uuid}" }, { B = 5 }]')).base,
      'A: "${uuid}"\nB: "5"\n',
    );
    assert.equal((await written("[config.env]\nA = 5\nB = true")).base, 'A: "5"\nB: "true"\n');
    const { notes } = await written(`${"n".repeat(50)} = 1\n`);
    assert.match(notes.join(), /^Dokploy does not read n{30,40}… of template\.toml$/);
    await assert.rejects(written("\n\na = ="), /template\.toml is not TOML: line 3\.$/);
    await assert.rejects(written(`a = ${"[".repeat(50_000)}`), /template\.toml is not TOML\.$/);
  });

  it("fills the variables of the compose file when that is checked", async () => {
    const compose = (path: string) => `${plainCompose}    volumes: ["${path}:/data"]\n`;
    const check = async (path: string, config: string) =>
      (await written(config, compose(path))).notes.map((note) =>
        /mounts a path in the folder that Dokploy empties/.test(note) ? "finding" : note,
      );
    assert.deepEqual(await check("${D}", '[config.env]\nD = "./data"'), ["finding"]);
    assert.deepEqual(await check("${D}", `[variables]\nd = "\${password}"\n[config.env]\nD = "./\${d}"`), []);
  });

  it("is noted where a place has no value, once for all of them", async () => {
    const { notes } = await written(
      withEnv(["p = '${password:20}'"], ["A = '${B}'", "C = '${p}${D}'", "E = '${p}'", "F = '$G {H}'"]),
    );
    assert.equal(notes.length, 1);
    assert.match(notes.join(), /^A and C: has a place \$\{…\} for which/);
  });
});
