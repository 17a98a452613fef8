import * as assert from "node:assert/strict";
import { vaultFields } from "../../provider/resources/vault-provider/vaults";
import { getVaultProvider, getVaultProviders } from "../../sdk";
import { run } from "./lookups";
import { makeProject, type Server, startServer, withProvider } from "./server";
import { rowsOf } from "./simple-by-hand";
import { CANARY } from "./simple-data";

type Values = Record<string, unknown>;

/** Each vault as it is made, with the secret field of it, and with something else. */
const vaults: Readonly<Record<string, readonly [made: Values, changed: Values]>> = {
  hashicorp: [
    { url: "https://vault.acme.example:8200", token: `${CANARY}-1` },
    { mount: "kv", namespace: "shop" },
  ],
  infisical: [
    { clientId: "shop", clientSecret: `${CANARY}-1`, projectId: "p-1", environmentSlug: "prod" },
    { siteUrl: "https://infisical.acme.example", secretPath: "/shop" },
  ],
  aws: [
    { region: "eu-central-1", accessKeyId: "AKIA", secretAccessKey: `${CANARY}-1` },
    { endpoint: "https://aws.acme.example" },
  ],
  doppler: [{ serviceToken: `dp.st.${CANARY}` }, { project: "shop", config: "prd" }],
  azure: [
    { vaultUri: "https://acme.vault.azure.net", tenantId: "t", clientId: "c", clientSecret: `${CANARY}-1` },
    { tenantId: "other" },
  ],
  scaleway: [
    { projectId: "p", secretKey: `${CANARY}-1` },
    { region: "nl-ams", apiUrl: "https://scw.acme.example" },
  ],
};

describe("VaultProvider", () => {
  let server: Server;
  let projectId: string;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ projectId, environmentId } = await makeProject(server));
    server.newRun();
  });
  afterEach(() => server.close());
  const handlers = () => server.of("VaultProvider");
  const inputsOf = (type: string, more: Values = {}, assignments: unknown = []) =>
    withProvider({ name: "acme-vault", vault: { type, ...vaults[type]?.[0], ...more }, assignments });
  const stored = () => [...server.emulator.instance.simple("vaultProvider").values()][0] as Values;
  const reasons = async (inputs: Values, olds: Values = {}) =>
    (await handlers().check(olds, inputs)).failures
      .map(({ property, reason }) => `${property}: ${reason}`)
      .join("\n");

  it("has a test of each vault", () => {
    assert.deepEqual(Object.keys(vaults).sort(), [...vaultFields.keys()].sort());
  });

  for (const type of ["phase", "aws-parameter-store"])
    it(`of a kind that a newer Dokploy has is read as that, and refused in a program, with the ones there are: ${type}`, async () => {
      const inputs = inputsOf("hashicorp");
      const { id, outs } = await handlers().create(inputs);
      Object.assign(stored(), { providerType: type, config: { providerType: type, [CANARY]: CANARY } });
      server.newRun();
      const { value: one } = await run(server, () => getVaultProvider({ name: "acme-vault" }));
      assert.deepEqual(one, { id, name: "acme-vault", vault: { type }, assignments: [] });
      assert.deepEqual((await run(server, () => getVaultProviders())).value, [one]);
      const live = await handlers().read(id, outs);
      assert.deepEqual([live.id, live.inputs?.["vault"]], [id, { type }]);
      assert.ok(!JSON.stringify(live).includes(CANARY));
      server.newRun();
      // The program's own one is put back.
      assert.notEqual((await handlers().diff(id, live.props ?? {}, inputs)).changes, false);
      assert.match(await reasons({ ...inputs, vault: { type } }), /vault\S*: .*hashicorp.*scaleway/);
      server.newRun();
      await handlers().delete(id, outs);
      assert.equal(stored(), undefined);
    });

  for (const [type, [made, changed]] of Object.entries(vaults))
    it(`of ${type} is created, changed and taken back to the defaults, with its secret each time`, async () => {
      const inputs = inputsOf(type);
      assert.equal(await reasons(inputs), "");
      const { id, outs } = await handlers().create(inputs);
      const { secret = [] } = vaultFields.get(type) ?? {};
      const [secretField = ""] = secret;
      const config = () => stored()["config"] as Values;
      assert.deepEqual([secret.length, config()[secretField]], [1, made[secretField]]);
      const first = { ...config() };
      assert.deepEqual((await handlers().read(id, outs)).inputs, inputs);

      server.newRun();
      const news = inputsOf(type, changed);
      assert.equal(await reasons(news, outs), "");
      const { outs: second } = await handlers().update(id, outs, news);
      assert.deepEqual(config(), { ...first, ...changed });
      assert.deepEqual((await handlers().read(id, second)).inputs, news);

      server.newRun();
      const { outs: last } = await handlers().update(id, second, inputs);
      assert.deepEqual(config(), first);
      assert.ok(!JSON.stringify([...server.warnings, ...server.notices]).includes(CANARY));
      await handlers().delete(id, last);
      assert.deepEqual(await rowsOf(server, "VaultProvider", undefined), []);
    });

  it("changes to another kind of vault in place, and keeps no value of the old one", async () => {
    const { id, outs } = await handlers().create(inputsOf("aws"));
    server.newRun();
    const news = inputsOf("scaleway");
    assert.equal(await reasons(news, outs), "");
    assert.deepEqual((await handlers().diff(id, outs, news)).replaces ?? [], []);
    await handlers().update(id, outs, news);
    assert.deepEqual(stored()["config"], {
      providerType: "scaleway",
      projectId: "p",
      secretKey: `${CANARY}-1`,
      region: "fr-par",
      apiUrl: "https://api.scaleway.com",
    });
    assert.equal(stored()["providerType"], "scaleway");
  });

  it("is tested by a plan only if the connection changes", async () => {
    const refusal = "HashiCorp Vault: token validation failed (status 403)";
    server.emulator.vaults.refusals.set(`${CANARY}-1`, refusal);
    const inputs = inputsOf("hashicorp");
    assert.match(
      await reasons(inputs),
      /^vault: cannot be used as it is given: it refuses the login\. Dokploy said: HashiCorp Vault: token validation failed \(status 403\)\. To save it anyway, set testConnection: false$/,
    );
    server.newRun();
    assert.equal(await reasons({ ...inputs, testConnection: false }), "");
    const { id, outs } = await handlers().create({ ...inputs, testConnection: false });
    server.newRun();
    const news = { ...inputs, assignments: [{ projectId }] };
    assert.equal(await reasons(news, outs), "");
    assert.notEqual((await handlers().diff(id, outs, news)).changes, false);
    assert.ok(!server.calls().includes("vaultProvider.testConnection"));
  });

  it("is not tested with a key that may not, and says so", async () => {
    server.emulator.denyPermission("vaultProvider.testConnection");
    assert.equal(await reasons(inputsOf("hashicorp")), "");
    assert.match(
      server.notices.join(),
      /VaultProvider acme-vault was not tested: the API key lacks the permission/,
    );
  });

  it("may be named by projects and environments in any order, and shows those that somebody assigns", async () => {
    const other = await makeProject(server, "other");
    const both = [{ projectId, environmentIds: [environmentId] }, { projectId: other.projectId }];
    const { id, outs } = await handlers().create(inputsOf("hashicorp", {}, both));
    server.newRun();
    assert.equal(
      (await handlers().diff(id, outs, inputsOf("hashicorp", {}, [...both].reverse()))).changes,
      false,
    );
    const { token } = vaults["hashicorp"]?.[0] ?? {};
    await server.byHand("vaultProvider.update", {
      vaultProviderId: id,
      name: "acme-vault",
      config: { providerType: "hashicorp", url: "https://vault.acme.example:8200", token: "********" },
      assignments: [{ projectId }],
    });
    assert.equal((stored()["config"] as Values)["token"], token);
    const { inputs = {} } = await handlers().read(id, outs);
    assert.deepEqual((inputs as Values)["assignments"], [{ projectId }]);
  });

  it("is refused with a project or environment that does not exist, also if that was assigned before", async () => {
    const gone = "PQqzqTGCVtx0St2SA3vCi";
    assert.match(
      await reasons(inputsOf("hashicorp", {}, [{ projectId, environmentIds: [gone] }])),
      new RegExp(`^assignments\\[0\\]\\.environmentIds: the project "\\w+" has no environment ${gone}`),
    );
    const inputs = inputsOf("hashicorp", {}, [{ projectId }]);
    const { id, outs } = await handlers().create(inputs);
    await server.byHand("project.remove", { projectId });
    server.newRun();
    assert.equal((await handlers().diff(id, outs, inputs)).changes, false);
    const news = inputsOf("hashicorp", { mount: "kv" }, [{ projectId }]);
    assert.equal(await reasons(news, outs), "");
    await assert.rejects(
      handlers().diff(id, outs, news),
      new RegExp(`assignments\\[0\\]\\.projectId: Dokploy has no project ${projectId}`),
    );
  });

  it("gives services the secrets that their variables name, as far as they are assigned", async () => {
    const web = withProvider({
      environmentId,
      name: "web",
      source: { type: "docker", image: "acme/web:1" },
      env: { PASSWORD: "${{vault.acme-vault.shop:PASSWORD}}" },
    });
    let count = 0;
    const fails = async (why: RegExp) => {
      server.newRun();
      await assert.rejects(server.Application.create({ ...web, name: `web-${++count}` }), why);
    };
    await fails(/secrets provider "acme-vault", which Dokploy does not have/);
    const inputs = inputsOf("hashicorp");
    const { id, outs } = await handlers().create(inputs);
    await fails(/its project or environment may not use the secrets provider "acme-vault"/);
    server.newRun();
    await handlers().update(id, outs, inputsOf("hashicorp", {}, [{ projectId }]));
    await fails(/the secrets provider "acme-vault" does not have the secret that a reference names/);
    server.emulator.vaults.secrets.set("acme-vault", new Map([["shop:PASSWORD", `${CANARY}-3`]]));
    server.newRun();
    const made = await server.Application.create(web);
    assert.deepEqual(server.emulator.containerEnv(made.id)?.["PASSWORD"], `${CANARY}-3`);
    assert.ok(!JSON.stringify(made.outs).includes(`${CANARY}-3`));
  });
});
