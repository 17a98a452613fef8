import * as assert from "node:assert/strict";
import { imageName, registryAddress, webAddress } from "../../../../provider/resources/types/addresses";
import { gitAddress } from "../../../../provider/resources/types/text-types";
import { parseImage } from "../../../../provider/schema";

const digest = `sha256:${"0a".repeat(32)}`;

describe("the grammar", () => {
  for (const [what, type, taken, refused] of [
    [
      "of images",
      imageName,
      [
        ...[
          "n",
          "nginx",
          "nginx:1",
          "acme/api:1.4.2",
          "ghcr.io/acme/api:1.4.2-rc.1",
          "localhost/api",
          "localhost:5000/api",
        ],
        ...[
          "acme/a.b-c__d_e/f---g",
          "registry.example.com:5000/a/b/c:v1_2",
          `acme/api@${digest}`,
          `acme/api:1@${digest}`,
        ],
        ...[
          "[::1]:5000/api",
          "GHCR.io/acme/api",
          "acme/api:${IMAGE_TAG}",
          "acme/api:$TAG",
          "${REGISTRY}/api:1",
          "mcr.microsoft.com/mssql/server:2022-latest",
        ],
      ],
      [
        ...[
          "acme/api:1;id",
          "acme/api:$(id)",
          "acme/api:`id`",
          "acme/api:1 id",
          "acme/api:1|id",
          "acme/api:1&id",
          "acme/api:1>x",
          "-v",
        ],
        ...[
          "acme//api",
          "acme/api:",
          "acme/api:-1",
          "acme/Api",
          "acme/api@sha256:0",
          "acme/api@x@y",
          "acme/api:1:2",
          "a/_b",
          "a/b_",
          "a'b",
          'a"b',
          "acme\\api",
          "acme/api:é",
        ],
        `acme/api:${"1".repeat(129)}`,
      ],
    ],
    [
      "of addresses of a server on the web",
      webAddress,
      [
        "https://git.example.com",
        "http://10.0.0.5:3000",
        "http://[::1]:3000",
        "https://git.example.com/sub/path",
        "https://a_b.example",
        "https://x",
      ],
      [
        "https://a;id",
        "https://a$(id).example",
        "https://git.example.com/`id`",
        "https://git.example.com/a;id",
        "https://u@a.example",
        "https://a.example/",
        "https://a.example:x",
        "https://a'b.example",
        "https://-a.example",
      ],
    ],
    [
      "of addresses of a registry",
      registryAddress,
      [
        "",
        "ghcr.io",
        "https://index.docker.io/v1",
        "https://index.docker.io/v1/",
        "registry.example.com:5000",
      ],
      ["ghcr.io;id", "$(id)", "ghcr.io id", "https://u:p@ghcr.io", "-x"],
    ],
    [
      "of addresses of git",
      gitAddress,
      [
        "https://git.example/acme/api.git",
        "git@host:acme/api.git",
        "ssh://git@host:22/acme/api.git",
        "https://u:p%3B@git.example/a.git",
        "https://u:p!*=@git.example/~a.git",
      ],
      [
        "https://git.example/a.git;id",
        "git@host:$(id)",
        "https://git.example/a b",
        "https://git.example/`id`",
        "https://git.example/a|b",
        "x&y",
        "a>b",
        "a<b",
        "a'b",
        'a"b',
        "a\\b",
        "a\nb",
        "",
      ],
    ],
  ] as const) {
    for (const text of taken)
      it(`${what} accepts ${JSON.stringify(text)}`, () => assert.ok(type.safeParse(text).success));
    for (const text of refused)
      it(`${what} refuses ${JSON.stringify(text.slice(0, 60))}`, () =>
        assert.ok(!type.safeParse(text).success));
  }
});

describe("the parts of an image's name", () => {
  it("are the registry and the path that Docker takes for it, its tag and its digest", () => {
    for (const [text, host, path, tag, named] of [
      ["postgres", "docker.io", "library/postgres", undefined, undefined],
      ["docker.io/postgres:18", "docker.io", "library/postgres", "18", undefined],
      ["index.docker.io/acme/api", "docker.io", "acme/api", undefined, undefined],
      [`acme/api:1.4@${digest}`, "docker.io", "acme/api", "1.4", digest],
      ["ghcr.io/acme/api:v1", "ghcr.io", "acme/api", "v1", undefined],
      [`localhost:5000/api@${digest}`, "localhost:5000", "api", undefined, digest],
    ] as const) {
      const { repository, ...parts } = parseImage(text) ?? { repository: "" };
      assert.deepEqual(parts, { host, path, tag, digest: named }, text);
      assert.ok(text.startsWith(repository) && repository !== "");
    }
    assert.equal(parseImage("acme/api:1:2"), undefined);
  });
});
