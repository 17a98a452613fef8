import fc from "fast-check";
import { coveringOrders, coveringRows } from "./covering";
import { type OperationName, operations } from "./operations";
import { type Feature, features, makesSense } from "./repository";
import { Shop } from "./shop";

/** Another seed makes other rows and another order of operations. */
const seed = Number(process.env["PAIRS_SEED"] ?? 42);
const [shuffled = []] = fc.sample(fc.shuffledSubarray([...features], { minLength: features.length }), {
  seed,
  numRuns: 1,
});
const rows = coveringRows<Feature>(shuffled, makesSense);
const orders = coveringOrders(
  rows.map((row) =>
    (Object.keys(operations) as OperationName[]).filter((name) => {
      const { needs = [] } = operations[name] as { needs?: readonly Feature[] };
      return needs.every((feature) => row[feature]);
    }),
  ),
);

/**
 * Rows to run, `all` or numbers with commas. By default those with nearly all features and with nearly none: each operation
 * then meets each feature, both on and off.
 */
const asked = process.env["PAIRS"] ?? "0,1";

/** What the rows meet: each operation with each feature, on and off. */
const cells = new Set(
  rows.flatMap((row, index) =>
    (orders[index] ?? []).flatMap((name) => features.map((feature) => `${name} ${feature} ${row[feature]}`)),
  ),
);
const steps = orders.reduce((sum, order) => sum + order.length, 0);
const count = Object.keys(operations).length;

describe(`features in pairs (PAIRS_SEED=${seed})`, function () {
  this.timeout(600_000);
  after(() => {
    if (asked !== "all") return;
    const all = 2 * features.length * count;
    process.stdout.write(
      `${features.length} features, ${count} operations, ${rows.length} rows, ${steps} steps, ${cells.size} of ${all} cells\n`,
    );
  });
  for (const [index, row] of rows.entries()) {
    if (asked !== "all" && !asked.split(",").includes(String(index))) continue;
    const on = features.filter((feature) => row[feature]);
    it(`row ${index} of ${rows.length} works through all operations: ${on.join(", ")}`, async () => {
      const shop = await Shop.begin(row);
      const faults: string[] = [];
      try {
        shop.operation = "begin";
        await shop.deployFirst();
        for (const name of orders[index] ?? []) {
          shop.operation = name;
          try {
            await operations[name].run(shop);
          } catch (error) {
            faults.push(`${name}: ${(error as Error).message}`);
            // What follows a fault may be its consequence, so only a look at all faults goes on.
            if (process.env["PAIRS_GO_ON"] === undefined) break;
          }
        }
        shop.assertNoSecrets();
      } finally {
        await shop.end();
      }
      const again = `To repeat it: PAIRS_SEED=${seed} npm run test:pairs -- ${index}`;
      if (faults.length > 0) throw new Error([...faults, again].join("\n\n"));
    });
  }
});
