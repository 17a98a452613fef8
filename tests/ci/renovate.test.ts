import * as assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { RE2JS } from "re2js";

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly datasourceTemplate: string;
}

interface Preset {
  readonly gitlabci: Pick<Manager, "managerFilePatterns">;
  readonly customManagers: readonly [apps: Manager, tags: Manager, components: Manager];
}

const root = path.join(__dirname, "..", "..");
const preset = JSON.parse(readFileSync(path.join(root, "renovate", "deployments.json"), "utf8")) as Preset;
const [apps, tags, components] = preset.customManagers;
const example = path.join(root, "examples", "deployment-repository");
const files = readdirSync(example, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => !file.includes("node_modules"));

/** Names the files of a repository that a manager reads: Renovate takes a pattern between slashes for a regular expression. */
function filesOf(
  { managerFilePatterns }: Pick<Manager, "managerFilePatterns">,
  all: readonly string[],
): string[] {
  const patterns = managerFilePatterns.map((pattern) =>
    RE2JS.compile(/^\/(.*)\/$/.exec(pattern)?.[1] ?? assert.fail()),
  );
  return all.filter((file) => patterns.some((pattern) => pattern.matcher(file).find()));
}

type Found = Readonly<Record<string, string>>;

/** Finds what a manager updates in a text, as Renovate does: by RE2, which looks neither ahead nor behind. */
function foundBy({ matchStrings }: Manager, text: string): Found[] {
  return matchStrings.flatMap((source) => {
    const pattern = RE2JS.compile(source);
    const matcher = pattern.matcher(text);
    const all: Found[] = [];
    while (matcher.find()) {
      const groups = Object.keys(pattern.namedGroups()).map((name) => [name, matcher.group(name)] as const);
      all.push(
        Object.fromEntries(groups.filter((group): group is [string, string] => typeof group[1] === "string")),
      );
    }
    return all;
  });
}

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("the preset for Renovate", () => {
  it("finds images of services, unless the stage gives the tag", () => {
    const images = (text: string) => foundBy(apps, text);
    assert.deepEqual(images("kind: application\nimage: ghcr.io/acme/api:1.4.2\n"), [
      { depName: "ghcr.io/acme/api", currentValue: "1.4.2" },
    ]);
    assert.deepEqual(images(`stages:\n  prod:\n    image: "registry.acme.dev:5000/api:1.4.2@${digest}"\n`), [
      { depName: "registry.acme.dev:5000/api", currentValue: "1.4.2", currentDigest: digest },
    ]);
    assert.deepEqual(images("stages: { prod: { image: redis:8-alpine, replicas: 2 } }"), [
      { depName: "redis", currentValue: "8-alpine" },
    ]);
    for (const text of [
      "image: ghcr.io/acme/api:${IMAGE_TAG}\n",
      "image: registry.acme.dev:5000/acme/api:${IMAGE_TAG}\n",
      "image: ghcr.io/acme/api:1.${IMAGE_TAG}\n",
      "image: ghcr.io/acme/api\n",
      "imageOf: api:1\n",
    ])
      assert.deepEqual(images(text), [], text);
    const found = filesOf(apps, files).flatMap((file) =>
      images(readFileSync(path.join(example, file), "utf8")),
    );
    assert.deepEqual(
      filesOf(apps, files).sort(),
      files.filter((file) => file.endsWith("dokploy-app.yaml")).sort(),
    );
    assert.ok(
      found.every(({ depName, currentValue }) => depName !== undefined && currentValue !== undefined),
    );
  });

  it("finds the tags of a stage behind which a comment names the image", () => {
    assert.deepEqual(filesOf(tags, files).sort(), ["Pulumi.prod.yaml", "Pulumi.test.yaml"]);
    const text = [
      "config:",
      "  dokploy:imageTags:",
      "    api: 1.4.2 # renovate: depName=ghcr.io/acme/api",
      `    jobs: "1.5.0@${digest}" # renovate: datasource=docker depName=registry.acme.dev:5000/jobs versioning=loose`,
      "    web: 2.0.0 # since May",
      "",
    ].join("\n");
    assert.deepEqual(foundBy(tags, text), [
      { currentValue: "1.4.2", depName: "ghcr.io/acme/api" },
      {
        ...{ currentValue: "1.5.0", currentDigest: digest },
        ...{ depName: "registry.acme.dev:5000/jobs", versioning: "loose" },
      },
    ]);
  });

  it("finds each component and image for GitLab, also one pinned to a commit", () => {
    const ofGitlab = files.filter((file) => /^\.gitlab(?:-ci\.yml$|\/)/.test(file)).sort();
    assert.ok(ofGitlab.length > 4);
    assert.deepEqual(filesOf(components, files).sort(), ofGitlab);
    assert.deepEqual(
      filesOf(preset.gitlabci, files).sort(),
      ofGitlab.filter((file) => file !== ".gitlab-ci.yml"),
    );
    for (const file of ofGitlab) {
      const text = readFileSync(path.join(example, file), "utf8");
      const written = text.match(/^ *- component: /gm)?.length ?? 0;
      const found = foundBy(components, text);
      assert.equal(found.length, written, file);
      for (const each of found)
        assert.deepEqual(each, { depName: "pulumi-dokploy/pulumi-dokploy", currentValue: "v0.1.0" });
    }
    const commit = "3d3c42e5aac5ba805825da76410c181273ba90b1";
    assert.deepEqual(
      foundBy(
        components,
        `  - component: $CI_SERVER_FQDN/pulumi-dokploy/pulumi-dokploy/plan@${commit} # v0.1.0\n`,
      ),
      [{ depName: "pulumi-dokploy/pulumi-dokploy", currentDigest: commit, currentValue: "v0.1.0" }],
    );
    assert.deepEqual(foundBy(components, "  - component: $CI_SERVER_FQDN/other/project/plan@v1.0.0\n"), []);
  });
});
