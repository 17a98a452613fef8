import * as assert from "node:assert/strict";
import { namedVolumes } from "../checks/volumes";

describe("the named volumes of a compose file", () => {
  const owner = { appName: "shop-4kq2ax" };
  const file = (volumes: string) =>
    `services:\n  db: {image: "postgres:16", volumes: ["data:/d"]}\nvolumes:\n${volumes}`;
  const found = (volumes: string, more: object = {}) =>
    namedVolumes(file(volumes), { ...owner, ...more }).map(({ name, keptBy }) => `${name} ${keptBy}`);

  it("are named after the service, unless the file says otherwise", () => {
    assert.deepEqual(found("  data:\n  more: {}\n  other: {driver: rexray}\n"), [
      "shop-4kq2ax_data service",
      "shop-4kq2ax_more service",
      "shop-4kq2ax_other service",
    ]);
    assert.deepEqual(found("  data: {name: orders}\n"), ["orders file"]);
  });

  it("follow the service where their name has a variable, which may be that of the service", () => {
    assert.deepEqual(found('  data: {name: "$' + '{APP_NAME}-data"}\n'), ["$" + "{APP_NAME}-data service"]);
  });

  it("have the name that a variable has, or that stands behind it where nobody sets it", () => {
    const volumes = '  data: {name: "$' + '{V:-orders}"}\n';
    assert.deepEqual(found(volumes), ["$" + "{V:-orders} service"]);
    assert.deepEqual(found(volumes, { variables: {} }), ["orders file"]);
    assert.deepEqual(found(volumes, { variables: { V: "goods" } }), ["goods file"]);
    assert.deepEqual(found(volumes, { variables: { V: undefined } }), ["$" + "{V:-orders} service"]);
    assert.deepEqual(found('  data: {name: "$' + '{V}"}\n', { variables: {} }), ["shop-4kq2ax_data service"]);
  });

  it("are somebody else's where they are external, and hold nothing where they stand for a folder or a share", () => {
    for (const said of [
      "{external: true}",
      '{external: "true"}',
      "{external: {name: orders}}",
      "{name: orders, external: true}",
      "{driver_opts: {type: none, o: bind, device: /srv/orders}}",
      '{driver_opts: {type: nfs, o: "addr=10.0.0.7", device: ":/orders"}}',
    ])
      assert.match(found(`  data: ${said}\n`).join(), /^\S+ others$/, said);
    assert.deepEqual(found("  data: {external: false}\n"), ["shop-4kq2ax_data service"]);
  });

  it("have the suffix that Dokploy adds", () => {
    const volumes = "  data:\n";
    const many: [object, string][] = [
      [{ randomize: true, suffix: "blue" }, "shop-4kq2ax_data-blue"],
      [{ randomize: true }, "shop-4kq2ax_data"],
      [{ suffix: "blue" }, "shop-4kq2ax_data"],
      [{ isolatedDeployment: true, randomize: true, suffix: "blue" }, "shop-4kq2ax_data"],
      [{ isolatedDeployment: true, isolatedDeploymentsVolume: true }, "shop-4kq2ax_data-shop-4kq2ax"],
      [
        { isolatedDeployment: true, isolatedDeploymentsVolume: true, suffix: "blue" },
        "shop-4kq2ax_data-blue",
      ],
    ];
    for (const [more, name] of many) assert.deepEqual(found(volumes, more), [`${name} service`]);
  });

  it("keep their names where a command of one's own names the project", () => {
    for (const command of [
      "compose -p shop up -d",
      "compose --project-name=shop up",
      "compose --project-name shop up",
    ])
      assert.deepEqual(found("  data:\n", { command }), ["shop_data others"], command);
    assert.deepEqual(found("  data:\n", { command: "compose up --wait" }), ["shop-4kq2ax_data service"]);
  });

  it("are none where a file has none, or cannot be read", () => {
    for (const text of ["services: {a: {image: b}}", "services: [", "", "volumes: []", "volumes: text"])
      assert.deepEqual(namedVolumes(text, owner), [], text);
  });
});
