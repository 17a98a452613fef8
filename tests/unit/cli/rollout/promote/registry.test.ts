import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { dockerLogin, type Login } from "../../../../../cli/rollout/promote/logins";
import { olderBy } from "../../../../../cli/rollout/promote/older";
import { builtAt, digestOf, isHere } from "../../../../../cli/rollout/promote/registry";
import { type ImageName, parseImage } from "../../../../../provider/schema";
import { digestOfText, RegistryServer } from "./registry-server";

const config = digestOfText("configuration");
const otherConfig = digestOfText("another configuration");

describe("the digest of an image that runs", () => {
  let registry: RegistryServer;
  before(async () => {
    registry = await RegistryServer.start();
  });
  after(() => registry.close());
  beforeEach(() => {
    registry.manifests.clear();
    registry.requests.length = 0;
    registry.asks = "nothing";
    registry.override = undefined;
  });

  const image = (tag = "1.5.0") => parseImage(`${registry.host}/acme/api:${tag}`) as ImageName;
  const login: Login = { username: "robot", password: "canary-password" };
  const none = () => undefined;

  async function why(
    ids: readonly string[] = [config],
    given: Login | undefined = undefined,
  ): Promise<string> {
    const answer = await digestOf(image(), [ids], () => given);
    assert.ok("why" in answer, JSON.stringify(answer));
    assert.doesNotMatch(answer.why, /canary/);
    return answer.why;
  }

  it("is that of the manifest whose configuration Docker shows, or of the manifest itself", async () => {
    const digest = registry.put("acme/api", "1.5.0", config);
    assert.deepEqual(await digestOf(image(), [[config]], none), { digest });
    assert.deepEqual(await digestOf(image(), [["sha256:x", digest]], none), { digest });
    assert.deepEqual(registry.requests, Array(2).fill("/v2/acme/api/manifests/1.5.0"));
  });

  it("is that of all platforms together, when each container runs one of them", async () => {
    const digest = registry.putIndex("acme/api", "1.5.0", [config, otherConfig]);
    assert.deepEqual(await digestOf(image(), [[otherConfig], [config]], none), { digest });
    const platform = digestOfText(
      JSON.stringify({ schemaVersion: 2, config: { digest: config }, layers: [] }),
    );
    assert.deepEqual(await digestOf(image(), [[platform]], none), { digest });
    const answer = await digestOf(image(), [[config], [digestOfText("third")]], none);
    assert.ok("isOther" in answer && answer.isOther);
  });

  it("gets no login to this machine from a registry elsewhere, neither by its challenge nor by a redirect", async () => {
    const asked: string[] = [];
    const { fetch } = globalThis;
    const here = [
      "http://127.0.0.1:1234/t",
      "http://localhost/t",
      "https://[::1]/t",
      "https://127.1/t",
      "https://0.0.0.0/t",
      "https://[::ffff:127.0.0.2]/t",
      "https://[::ffff:0.0.0.0]/t",
      "https://job.localhost./t",
    ];
    try {
      for (const address of here)
        for (const status of [401, 307]) {
          globalThis.fetch = async (input) => {
            asked.push(new URL(String(input)).hostname);
            const headers = { "www-authenticate": `Bearer realm="${address}"`, location: address };
            return new Response("", { status, headers });
          };
          const name = parseImage("registry.example/acme/api:1") as ImageName;
          const answer = await digestOf(name, [[config]], () => login);
          assert.deepEqual(answer, {
            why: "registry.example leads to an address of this machine",
            isOther: false,
          });
        }
    } finally {
      globalThis.fetch = fetch;
    }
    assert.deepEqual(new Set(asked), new Set(["registry.example"]));
  });

  it("gets a login to a registry of this machine alone, and not to another port there", async () => {
    const other = await RegistryServer.start();
    try {
      registry.override = (_, response) => {
        response.writeHead(401, { "www-authenticate": `Bearer realm="http://${other.host}/token"` }).end();
        return true;
      };
      assert.deepEqual(await digestOf(image(), [[config]], () => login), {
        why: `${registry.host} leads its login to another port of this machine`,
        isOther: false,
      });
      assert.deepEqual(other.requests, []);
    } finally {
      await other.close();
    }
  });

  it("is not known when the registry has another image under the tag by now", async () => {
    registry.put("acme/api", "1.5.0", otherConfig);
    const answer = await digestOf(image(), [[config]], none);
    const host = registry.host;
    assert.deepEqual(answer, {
      why: `the running image is not the one that ${host} has under 1.5.0 now`,
      isOther: true,
    });
  });

  it("is asked for with the login that the registry wants, which only it gets", async () => {
    const digest = registry.put("acme/api", "1.5.0", config);
    for (const asks of ["bearer", "basic"] as const) {
      registry.asks = asks;
      assert.deepEqual(await digestOf(image(), [[config]], () => login), { digest });
      const { host } = registry;
      assert.equal(
        await why(),
        `${host} needs a login for acme/api${asks === "bearer" ? " (status 401)" : ""}`,
      );
      assert.match(
        await why([config], { ...login, password: "canary-wrong" }),
        /refuses the login|does not give/,
      );
    }
    assert.ok(registry.requests.includes("/token?service=it&scope=repository%3Ax%3Apull Basic"));
    assert.ok(registry.requests.includes("/v2/acme/api/manifests/1.5.0 Bearer"));
  });

  it("does not take the login along to another server, nor anything to one without encryption", async () => {
    const other = await RegistryServer.start();
    try {
      const digest = other.put("acme/api", "1.5.0", config);
      registry.asks = "basic";
      registry.override = ({ headers, url }, response) => {
        if (headers.authorization === undefined) return false;
        response.writeHead(307, { location: `http://${other.host}${url}` }).end();
        return true;
      };
      assert.deepEqual(await digestOf(image(), [[config]], () => login), { digest });
      assert.deepEqual(other.requests, ["/v2/acme/api/manifests/1.5.0"]);
    } finally {
      await other.close();
    }
    registry.override = (_, response) => {
      response.writeHead(302, { location: "http://registry.invalid/" }).end();
      return true;
    };
    assert.match(await why(), /names an address without encryption/);
    registry.override = (_, response) => {
      response.writeHead(302, { location: "/again" }).end();
      return true;
    };
    assert.match(await why(), /redirects again and again/);
    registry.override = (_, response) => {
      response.writeHead(401, { "www-authenticate": 'Bearer realm="http://token.invalid/"' }).end();
      return true;
    };
    assert.match(await why([config], login), /names an address without encryption/);
  });

  it("is not known when the response is wrong, no part of which is shown", async () => {
    assert.match(await why(), /does not give the manifest of acme\/api \(status 404\)/);
    const tag = "acme/api/manifests/1.5.0";
    for (const text of ["canary", "[]", '"canary"']) {
      registry.manifests.set(tag, text);
      assert.match(await why(), /something other than JSON/);
    }
    for (const text of [
      "{}",
      '{"config":{"digest":"canary"}}',
      `{"config":{"digest":"canary ${config}"}}`,
      `{"config":{"digest":"${config}0"}}`,
      '{"schemaVersion":1,"fsLayers":[]}',
    ]) {
      registry.manifests.set(tag, text);
      assert.match(await why(), /a manifest of an old or unknown kind/);
    }
    const index = registry.putIndex("acme/api", "1.5.0", [config]);
    assert.ok(index);
    for (const [name] of registry.manifests)
      if (name.includes("@") || name.includes("/sha256:")) registry.manifests.set(name, "{}");
    assert.match(await why(), /gave something other than sha256:/);
    const many = Array.from({ length: 21 }, (_, at) => digestOfText(`platform ${at}`));
    registry.putIndex("acme/api", "1.5.0", many);
    assert.match(await why(), /more than 20 platforms/);
    const answer = await digestOf(image(), [[config]], none);
    assert.equal("isOther" in answer && answer.isOther, false, "so it may be the same image");
    registry.manifests.set(tag, " ".repeat(4 * 1024 * 1024));
    assert.match(await why(), /something other than JSON/);
    registry.manifests.set(tag, " ".repeat(4 * 1024 * 1024 + 1));
    assert.match(await why(), /more than 4 MiB/);
    registry.override = (request, response) => {
      response.writeHead(200);
      response.write("{");
      setImmediate(() => request.socket.destroy());
      return true;
    };
    assert.match(await why(), /did not send its whole|cannot be reached/);
  });

  it("is asked for once more where the registry closes the connection, and not again and again", async () => {
    const digest = registry.put("acme/api", "1.5.0", config);
    const closing = (times: number) => {
      let calls = 0;
      registry.override = ({ socket }) => {
        calls++;
        if (calls <= times) socket.destroy();
        return calls <= times;
      };
      return () => calls;
    };
    const calls = closing(1);
    assert.deepEqual(await digestOf(image(), [[config]], none), { digest });
    assert.equal(calls(), 2);
    const more = closing(9);
    assert.equal(await why(), `${registry.host} cannot be reached`);
    assert.equal(more(), 2);
  });

  it("is asked for in each form that registries have, and within five seconds", async () => {
    const digest = registry.put("acme/api", "1.5.0", config);
    for (const type of [
      "application/vnd.oci.image.index.v1+json",
      "application/vnd.oci.image.manifest.v1+json",
      "application/vnd.docker.distribution.manifest.list.v2+json",
      "application/vnd.docker.distribution.manifest.v2+json",
    ]) {
      // A registry has no manifest for a client that does not take its form.
      registry.override = ({ url, headers }, response) => {
        if (url?.startsWith("/token") || headers.accept?.split(", ").includes(type)) return false;
        response.writeHead(404).end();
        return true;
      };
      for (const asks of ["nothing", "bearer"] as const) {
        registry.asks = asks;
        assert.deepEqual(await digestOf(image(), [[config]], () => login), { digest }, `${type} ${asks}`);
      }
    }
    const { timeout } = AbortSignal;
    const limits: number[] = [];
    AbortSignal.timeout = (limit) => {
      limits.push(limit);
      return AbortSignal.abort(new DOMException("canary", "TimeoutError"));
    };
    try {
      assert.equal(await why(), `${registry.host} did not respond within 5 s`);
    } finally {
      AbortSignal.timeout = timeout;
    }
    assert.deepEqual(limits, [5000]);
  });

  it("is found at the end of three redirects, and for twenty platforms", async () => {
    const digest = registry.put("acme/api", "1.5.0", config);
    let last = "4";
    registry.override = ({ url = "" }, response) => {
      const [path = "", step = "0"] = url.split("?");
      if (step === last) return false;
      response.writeHead(307, { location: `${path}?${Number(step) + 1}` }).end();
      return true;
    };
    for (const steps of ["?3", "?4"])
      registry.manifests.set(
        `acme/api/manifests/1.5.0${steps}`,
        registry.manifests.get("acme/api/manifests/1.5.0") ?? "",
      );
    assert.match(await why(), /redirects again and again/);
    last = "3";
    assert.deepEqual(await digestOf(image(), [[config]], none), { digest });
    registry.override = undefined;
    const platforms = Array.from({ length: 20 }, (_, at) => digestOfText(`platform ${at}`));
    const index = registry.putIndex("acme/api", "1.5.0", platforms);
    assert.deepEqual(await digestOf(image(), [[platforms[19] ?? ""]], none), { digest: index });
  });

  it("is that of a list with entries of another form, which are passed over", async () => {
    const platform = registry.put("acme/api", "linux", config);
    const manifests = [null, "canary", {}, { digest: 1 }, { digest: "canary" }, { digest: platform }];
    const text = JSON.stringify({ manifests });
    registry.manifests.set("acme/api/manifests/1.5.0", text);
    assert.deepEqual(await digestOf(image(), [[config]], none), { digest: digestOfText(text) });
  });

  it("is read after a redirect of any kind, which needs an address, and not after another response with one", async () => {
    const digest = registry.put("acme/api", "1.5.0", config);
    const answering = (status: number, headers: Record<string, string>) => {
      registry.override = ({ url = "" }, response) => {
        if (url.endsWith("?moved")) response.end(registry.manifests.get("acme/api/manifests/1.5.0"));
        else response.writeHead(status, headers).end();
        return true;
      };
    };
    const location = "/v2/acme/api/manifests/1.5.0?moved";
    for (const status of [300, 301, 302, 303, 307, 308]) {
      answering(status, { location });
      assert.deepEqual(await digestOf(image(), [[config]], none), { digest }, String(status));
    }
    answering(404, { location });
    assert.match(await why(), /does not give the manifest of acme\/api \(status 404\)/);
    answering(200, { location });
    assert.match(await why(), /something other than JSON/);
    answering(304, {});
    assert.match(await why(), /does not give the manifest of acme\/api \(status 304\)/);
    answering(302, { location: "http://[canary" });
    assert.equal(await why(), `${registry.host} redirects to no address`);
  });

  it("is read with the login itself where the registry names no server of tokens", async () => {
    const digest = registry.put("acme/api", "1.5.0", config);
    for (const challenge of [
      undefined,
      "Bearer",
      'Bearer service="it"',
      'Bearer realm="canary"',
      `Basic realm="http://${registry.host}/token"`,
      `Other bearer realm="http://${registry.host}/token"`,
    ]) {
      registry.requests.length = 0;
      registry.override = ({ headers }, response) => {
        if (headers.authorization?.startsWith("Basic ")) return false;
        response.writeHead(401, challenge === undefined ? {} : { "www-authenticate": challenge }).end();
        return true;
      };
      assert.deepEqual(await digestOf(image(), [[config]], () => login), { digest }, challenge);
      assert.equal(await why(), `${registry.host} needs a login for acme/api`, challenge);
      assert.doesNotMatch(registry.requests.join(), /token/, challenge);
    }
  });

  it("fails where a fault is ours, instead of a promotion without a digest", async () => {
    await assert.rejects(digestOf({ ...image(), host: "a b" }, [[config]], none), TypeError);
  });

  it("is read with a token for this repository alone, under either of its names", async () => {
    const digest = registry.put("acme/api", "1.5.0", config);
    let others = "";
    registry.override = ({ url = "", headers }, response) => {
      if (url.startsWith("/token")) response.end(JSON.stringify({ access_token: "canary-token" }));
      else if (headers.authorization !== "Bearer canary-token") {
        const realm = `http://${registry.host}/token`;
        const challenge = `Bearer realm="${realm}"${others}`;
        response.writeHead(401, { "www-authenticate": challenge }).end();
      } else return false;
      return true;
    };
    // A registry may offer several ways, each with a realm.
    for (others of ["", ', Basic realm="registry"']) {
      registry.requests.length = 0;
      assert.deepEqual(await digestOf(image(), [[config]], none), { digest }, others);
      assert.ok(registry.requests.includes("/token?scope=repository%3Aacme%2Fapi%3Apull"), others);
    }
    registry.override = ({ url = "" }, response) => {
      const realm = `http://${registry.host}/token`;
      if (url.startsWith("/token")) response.end(JSON.stringify({ token: 1 }));
      else response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}"` }).end();
      return true;
    };
    assert.equal(await why(), `${registry.host} needs a login for acme/api`);
    assert.equal(await why([config], login), `${registry.host} refuses the login`);
  });

  it("is asked of the registry of Docker Hub for an image without a host, over HTTPS", async () => {
    const { fetch } = globalThis;
    const asked: string[] = [];
    const refuse = async (address: URL) => {
      asked.push(address.href);
      return new Response("", { status: 404 });
    };
    globalThis.fetch = refuse as unknown as typeof fetch;
    try {
      for (const name of ["acme/api:1", "redis", "ghcr.io/acme/api:1"])
        await digestOf(parseImage(name) as ImageName, [[config]], none);
    } finally {
      globalThis.fetch = fetch;
    }
    assert.deepEqual(asked, [
      "https://registry-1.docker.io/v2/acme/api/manifests/1",
      "https://registry-1.docker.io/v2/library/redis/manifests/latest",
      "https://ghcr.io/v2/acme/api/manifests/1",
    ]);
  });

  it("is not known when the registry cannot be reached", async () => {
    const gone = await RegistryServer.start();
    const name = parseImage(`${gone.host}/acme/api:1`) as ImageName;
    await gone.close();
    assert.deepEqual(await digestOf(name, [[config]], none), {
      why: `${name.host} cannot be reached`,
      isOther: false,
    });
  });
});

describe("an image that is older than another one", () => {
  let registry: RegistryServer;
  before(async () => {
    registry = await RegistryServer.start();
  });
  after(() => registry.close());
  beforeEach(() => {
    registry.manifests.clear();
    registry.requests.length = 0;
    registry.asks = "nothing";
    registry.override = undefined;
  });
  const none = () => undefined;
  const image = (tag: string) => parseImage(`${registry.host}/acme/api:${tag}`) as ImageName;
  const older = async (before: string, after: string) =>
    await olderBy(image(before), image(after), () => ({ username: "robot", password: "canary-password" }));

  it("is known by tags that are versions, without a question to the registry", async () => {
    for (const [one, other] of [
      ["1.9", "1.10"],
      ["v1.9", "1.10"],
      ["1.9.9", "v2.0"],
      ["1.4", "1.4.1"],
      ["1.2.3", "1.2.10"],
      ["1.2.3.4", "1.2.3.5"],
      ["1.2-alpine", "1.3-alpine"],
      ["9.10", "10.2"],
      ["2024.11.30", "2025.1.2"],
    ] as const) {
      assert.equal(await older(other, one), `${one} comes before ${other}`);
      assert.equal(await older(one, other), undefined);
    }
    assert.deepEqual(registry.requests, []);
  });

  it("is known by the times of both for other tags, and for those that are equal or end otherwise", async () => {
    const times = [
      ["2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z"],
      ["2026-11-02T10:00:00Z", "2026-11-02T10:00:00Z"],
      ["2026-11-03T10:00:00Z", "2026-11-02T10:00:00Z"],
      // Before Docker: a build that can be repeated.
      ["2013-02-28T23:59:00Z", "2026-11-02T10:00:00Z"],
      ["2013-03-02T00:00:00Z", "2026-11-02T10:00:00Z"],
      ["soon", "2026-11-02T10:00:00Z"],
      ["2026-11-01T10:00:00Z", "soon"],
    ] as const;
    const says = ["2026-11-01 10:00", "", "", "", "2013-03-02 00:00", "", ""].map((time) =>
      time === "" ? undefined : `it was built on ${time} UTC, and the other one on 2026-11-02 10:00 UTC`,
    );
    for (const [before, after] of [
      ["c0ffee", "f00ba7"],
      ["7", "8"],
      ["1.2", "1.3-alpine"],
      ["1.4.0", "v1.4"],
      ["1.2.3.4.5", "1.2.3.4.6"],
      ["1.2_a", "1.3_a"],
      ["1.2", "c0ffee"],
      ["c0ffee", "1.2"],
    ] as const) {
      registry.put("acme/api", before, config);
      registry.putIndex("acme/api", after, [otherConfig]);
      const found: (string | undefined)[] = [];
      for (const [is, was] of times) {
        registry.built("acme/api", before, was);
        registry.manifests.set(`acme/api/blobs/${otherConfig}`, JSON.stringify({ created: is }));
        found.push(await older(before, after));
      }
      assert.deepEqual(found, says, `${before} ${after}`);
    }
  });

  it("is asked for by its digest and with the login, and is not known where the registry does not say it", async () => {
    const digest = registry.put("acme/api", "1", config);
    registry.built("acme/api", "1", "2026-11-01T10:00:00Z");
    registry.put("acme/api", "1", otherConfig);
    registry.asks = "basic";
    const pinned = parseImage(`${registry.host}/acme/api:1@${digest}`) as ImageName;
    const login: Login = { username: "robot", password: "canary-password" };
    const asked: string[] = [];
    const loginOf = (host: string) => {
      asked.push(host);
      return login;
    };
    assert.equal(await builtAt(pinned, loginOf), Date.parse("2026-11-01T10:00:00Z"));
    assert.deepEqual(asked, [registry.host]);
    assert.equal(await builtAt(image("1"), loginOf), undefined, "no configuration");
    assert.equal(await builtAt(pinned, none), undefined, "no login");
    registry.asks = "nothing";
    registry.put("acme/api", "latest", config);
    const untagged = parseImage(`${registry.host}/acme/api`) as ImageName;
    assert.equal(await builtAt(untagged, none), Date.parse("2026-11-01T10:00:00Z"));
    await assert.rejects(
      builtAt({ ...pinned, host: "a b" }, none),
      TypeError,
      "a fault of ours is no answer",
    );
  });
});

describe("an address of this machine", () => {
  it("is one of those at which a machine reaches itself, in each way to write it", () => {
    for (const host of [
      ...["localhost", "LOCALHOST.", "a.localhost", "a.b.localhost.", "127.0.0.1", "127.255.255.254"],
      ...[
        "127.1",
        "2130706433",
        "0x7f.1",
        "0",
        "0.0.0.0",
        "0.12.34.56",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
      ],
      ...["[::ffff:127.0.0.1]", "[::ffff:127.12.34.56]", "[::ffff:0.0.0.0]", "[::ffff:0.0.12.34]"],
    ])
      for (const address of [`http://${host}`, `https://${host}:5000/v2/`])
        assert.ok(isHere(address), address);
  });

  it("is no other address of a network, and no name that only looks like one", () => {
    for (const host of [
      ...["10.0.0.1", "100.0.0.1", "192.168.0.0", "8.0.0.0", "128.0.0.1", "[fe80::1]", "[2001:db8::1]"],
      ...["[::ffff:10.0.0.1]", "[::2]", "[1::]", "localhost.example", "a.localhost.example", "mylocalhost"],
      ...["ghcr.io", "127.0.0.1.example"],
    ])
      assert.ok(!isHere(`https://${host}/v2/`), host);
  });
});

describe("the login of a registry", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-docker-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const of = (host: string) => dockerLogin(host, { DOCKER_CONFIG: folder });
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  it("comes from the file of Docker, by the host of the registry", () => {
    const auths = {
      "https://index.docker.io/v1/": { auth: base64("hub:a") },
      "ghcr.io": { auth: base64("robot:b:c") },
      "registry.acme.dev:5000": {},
      "quay.io": { auth: base64("x:token") },
    };
    fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify({ auths }));
    assert.deepEqual(of("docker.io"), { username: "hub", password: "a" });
    assert.deepEqual(of("ghcr.io"), { username: "robot", password: "b:c" });
    assert.deepEqual(of("quay.io"), { username: "x", password: "token" });
    assert.equal(of("registry.acme.dev:5000"), undefined);
    assert.equal(of("evil.dev"), undefined);
    fs.mkdirSync(path.join(folder, ".docker"));
    fs.renameSync(path.join(folder, "config.json"), path.join(folder, ".docker", "config.json"));
    for (const env of [{ HOME: folder }, { HOME: folder, DOCKER_CONFIG: "" }])
      assert.deepEqual(dockerLogin("ghcr.io", env)?.username, "robot");
  });

  it("is missing when there is no such file, or one that cannot be used", () => {
    assert.equal(of("ghcr.io"), undefined);
    for (const text of [
      "",
      "[]",
      '{"auths":[]}',
      '{"auths":{"ghcr.io":{"auth":1}}}',
      '{"auths":{"ghcr.io":{"auth":"eA=="}}}',
      JSON.stringify({ auths: { "ghcr.io": { auth: base64(":token") } } }),
    ]) {
      fs.writeFileSync(path.join(folder, "config.json"), text);
      assert.equal(of("ghcr.io"), undefined, text);
    }
  });
});
