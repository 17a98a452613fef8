import * as assert from "node:assert/strict";
import { type Kept, keptBy, removeKept, stayText } from "../../../../cli/preview/kept";
import { DokployError } from "../../../../provider/dokploy";
import { Server } from "../server";

const failure = (said: string, status?: number) =>
  new DokployError(said, {
    ...{ kind: "server", endpoint: "dockerVolume.removeVolume", outcome: "unknown", said },
    status,
  });
const volume = (name: string, serverId?: string): Kept => ({
  what: "volume",
  name,
  at: serverId === undefined ? {} : { serverId },
});
const image = (name: string): Kept => ({ what: "image", name, at: {} });

describe("volumes and images of a preview", () => {
  const list = (names: readonly string[]) => names.map((Name) => ({ Name, Labels: "" }));
  const shown = async (
    services: Parameters<typeof keptBy>[0],
    server: Server,
    named: readonly string[] = ["a", "b", "pr-3-data", "pr-data"],
  ) => {
    const own = { prefix: "shop-pr-12-", named: new Set(named.map((name) => `shop-pr-12-${name}`)) };
    const { kept, doubtful } = await keptBy(services, own, server.api);
    return [
      ...kept.map(({ what, name, at }) => `${at.serverId ?? "own"}: ${what} ${name}`),
      ...doubtful.map(({ what, name, at }) => `${at.serverId ?? "own"}: perhaps ${what} ${name}`),
    ];
  };

  it("are looked for on Dokploy's own server and on that of each service", async () => {
    const server = new Server({
      "postgres.one": { appName: "orders-x", serverId: "far", mounts: [] },
      "dockerVolume.getVolumes": ({ serverId }: Record<string, unknown>) =>
        list(serverId === "far" ? ["shop-pr-12-b", "shop-pr-1-b"] : ["shop-pr-12-a", "a-shop-pr-12-"]),
      "dockerImage.getImages": [],
    });
    assert.deepEqual(await shown([{ kind: "Postgres", id: "p" }], server), [
      "own: volume shop-pr-12-a",
      "far: volume shop-pr-12-b",
    ]);
    assert.deepEqual(server.inputs("dockerVolume.getVolumes"), [{}, { serverId: "far" }]);
    assert.deepEqual(server.inputs("dockerImage.getImages"), [{}, { serverId: "far" }]);
  });

  it("are not those of another project's previews, whose names begin in the same way", async () => {
    const server = new Server({
      "application.one": {
        appName: "web-x",
        serverId: null,
        sourceType: "docker",
        mounts: [{ type: "volume", volumeName: "shop-pr-12-pr-4-own" }],
      },
      "dockerVolume.getVolumes": list([
        "shop-pr-12-pr-3-data",
        "shop-pr-12-api-pr-3-data",
        "shop-pr-12-pr-4-own",
        "shop-pr-12-pr-data",
      ]),
      "dockerImage.getImages": [],
    });
    assert.deepEqual(await shown([{ kind: "Application", id: "a" }], server), [
      "own: volume shop-pr-12-pr-data",
      "own: volume shop-pr-12-pr-4-own",
    ]);
  });

  it("are surely those alone that its services mount or its files name, not those whose names begin alike", async () => {
    const server = new Server({
      "application.one": {
        ...{ appName: "web-x", serverId: "far", sourceType: "docker" },
        mounts: [{ type: "volume", volumeName: "shop-pr-12-mounted" }],
      },
      "dockerVolume.getVolumes": ({ serverId }: Record<string, unknown>) =>
        list(
          serverId === "far"
            ? ["shop-pr-12-mounted", "shop-pr-12-archive-a1b2c3-data", "shop-pr-12-a"]
            : ["shop-pr-12-mounted", "shop-pr-12-archive-d4e5f6-data", "shop-pr-12-"],
        ),
      "dockerImage.getImages": [],
    });
    assert.deepEqual(await shown([{ kind: "Application", id: "a" }], server), [
      "far: volume shop-pr-12-a",
      "far: volume shop-pr-12-mounted",
      "own: perhaps volume shop-pr-12-mounted",
      "own: perhaps volume shop-pr-12-archive-d4e5f6-data",
      "own: perhaps volume shop-pr-12-",
      "far: perhaps volume shop-pr-12-archive-a1b2c3-data",
    ]);
  });

  it("are the mounted volumes of its name and those of its databases, but no files and no shared volumes", async () => {
    const mount = (volumeName: string | null, type = "volume") => ({ type, volumeName });
    const server = new Server({
      "postgres.one": {
        appName: "orders-x",
        serverId: null,
        mounts: [
          mount("shop-pr-12-a"),
          mount("orders-x-data"),
          mount("orders-y-data"),
          mount("shop-uploads"),
          mount("shop-pr-12-bind", "bind"),
          mount(null),
        ],
      },
      "dockerVolume.getVolumes": [],
      "dockerImage.getImages": [],
    });
    assert.deepEqual(await shown([{ kind: "Postgres", id: "p" }], server), [
      "own: volume shop-pr-12-a",
      "own: volume orders-x-data",
    ]);
  });

  it("are the volumes of its stacks and the images of its compose services, each named once", async () => {
    const labels = (name: string) => `a=b,com.docker.stack.namespace=${name}`;
    const server = new Server({
      "compose.one": { appName: "jobs-x", serverId: null, sourceType: "git", mounts: [] },
      "dockerVolume.getVolumes": [
        { Name: "jobs-x_data", Labels: labels("jobs-x") },
        { Name: "jobs-xy_data", Labels: labels("jobs-xy") },
        { Name: "shop-pr-12-data", Labels: labels("jobs-x") },
      ],
      "dockerImage.getImages": ["jobs-x-web", "jobs-x", "jobs-xy-web"].map((Repository) => ({
        Repository,
        Tag: "latest",
      })),
    });
    assert.deepEqual(await shown([{ kind: "Compose", id: "c" }], server), [
      "own: volume jobs-x_data",
      "own: volume shop-pr-12-data",
      "own: image jobs-x-web:latest",
    ]);
  });

  it("are the images with a tag that Dokploy built for its applications, after any registry", async () => {
    const image = (Repository: string, Tag: string) => ({ Repository, Tag });
    const server = new Server({
      "application.one": { appName: "web-abc", serverId: null, sourceType: "git", mounts: [] },
      "dockerVolume.getVolumes": [],
      "dockerImage.getImages": [
        image("web-abc", "latest"),
        image("web-abc", "<none>"),
        image("ghcr.io/acme/web-abc", "1"),
        image("web-abc-def", "latest"),
        image("my-web-abc", "latest"),
      ],
    });
    assert.deepEqual(await shown([{ kind: "Application", id: "a" }], server), [
      "own: image web-abc:latest",
      "own: image ghcr.io/acme/web-abc:1",
    ]);
  });

  it("are no images that came from a registry", async () => {
    const server = new Server({
      "application.one": { appName: "web-x", serverId: null, sourceType: "docker", mounts: [] },
      "dockerVolume.getVolumes": [],
      "dockerImage.getImages": [{ Repository: "web-x", Tag: "latest" }],
    });
    assert.deepEqual(await shown([{ kind: "Application", id: "a" }], server), []);
  });

  it("are left out where the key may not see them, and for resources that are no services", async () => {
    const server = new Server({
      "dockerVolume.getVolumes": () => {
        throw failure("no", 403);
      },
      "dockerImage.getImages": [],
    });
    assert.deepEqual(await shown([{ kind: "Domain", id: "d" }], server), []);
  });
});

describe("the removal of volumes and images", () => {
  const quick = { totalMs: 1_000, pauseMs: 1 };

  it("names a volume or the parts of an image, with its server; a registry may have a port", async () => {
    const server = new Server({});
    const kept = [volume("a", "far"), image("registry:5000/acme/web:1")];
    assert.deepEqual(await removeKept(kept, server.api, quick), []);
    assert.deepEqual(server.calls, [
      ["dockerVolume.removeVolume", { volumeName: "a", serverId: "far" }],
      [
        "dockerImage.removeImage",
        { repository: "registry:5000/acme/web", tag: "1", id: "registry:5000/acme/web:1" },
      ],
    ]);
  });

  /** Removes a volume; each response after the first removes it. */
  async function removed(first: unknown) {
    let calls = 0;
    const server = new Server({
      "dockerVolume.removeVolume": () => {
        if (calls++ === 0) throw first;
      },
    });
    const left = await removeKept([volume("a")], server.api, quick);
    return { left: left.length, calls };
  }

  it("is tried again while a container uses them, or where no response came", async () => {
    for (const said of ["volume is in use - [abc]", "container abc is using it", "image is being used"])
      assert.deepEqual(await removed(failure(said, 500)), { left: 0, calls: 2 }, said);
    assert.deepEqual(await removed(failure("connection reset")), { left: 0, calls: 2 });
  });

  it("is done where another removal was faster", async () => {
    for (const said of ["No such volume: a", "No such image: a:1"])
      assert.deepEqual(await removed(failure(said, 404)), { left: 0, calls: 1 }, said);
  });

  it("ends at once where the server refuses it", async () => {
    assert.deepEqual(await removed(failure("You may not", 403)), { left: 1, calls: 1 });
  });

  it("tries only the rest again, and keeps each that stays refused", async () => {
    const tries: unknown[] = [];
    const server = new Server({
      "dockerVolume.removeVolume": ({ volumeName }: Record<string, unknown>) => {
        tries.push(volumeName);
        if (volumeName === "refused") throw failure("You may not", 403);
        if (volumeName === "used" && tries.length < 4) throw failure("volume is in use", 500);
      },
    });
    const kept = ["free", "refused", "used"].map((name) => volume(name));
    assert.deepEqual(await removeKept(kept, server.api, quick), [volume("refused")]);
    assert.deepEqual(tries, ["free", "refused", "used", "refused", "used"]);
  });
});

describe("the advice about what stays", () => {
  it("has one command for the volumes, and one for the images", () => {
    const text = "Dokploy could not delete everything. Delete the rest on the server: ";
    const of = (...refused: Kept[]) => stayText({ wanted: [], refused, doubtful: [], projects: [] });
    assert.equal(of(volume("a"), volume("b")), `${text}docker volume rm a b`);
    assert.equal(of(image("c:1"), volume("a")), `${text}docker volume rm a; docker image rm c:1`);
    assert.equal(of(), undefined);
  });

  it("says which volumes the rules keep", () => {
    assert.equal(
      stayText({ wanted: [volume("a")], refused: [image("c:1")], doubtful: [], projects: [] }),
      "The volumes stay, since deleteVolumes in dokploy-previews.yaml is false. To delete them on the server: " +
        "docker volume rm a\nDokploy could not delete everything. Delete the rest on the server: docker image rm c:1",
    );
  });

  it("says that volumes may belong to somebody else, and when to delete them", () => {
    assert.equal(
      stayText({ wanted: [], refused: [], doubtful: [volume("a"), volume("b", "far")], projects: [] }),
      "Volumes stay that may belong to the preview or to somebody else: their names begin like those of the preview, and " +
        "neither its services nor the files here name them. Only if they are of the preview, delete them on the server: " +
        "docker volume rm a b",
    );
  });

  it("names projects that may belong to somebody else", () => {
    assert.equal(
      stayText({ wanted: [], refused: [], doubtful: [], projects: ["p1"] }),
      "Dokploy has a project with the name of the preview's, and a killed run may have created it, or somebody else: p1. It " +
        "stays, since it is older than the stack of the preview, or there are several. Look at it, and delete it in Dokploy " +
        "if nobody needs it.",
    );
  });
});
