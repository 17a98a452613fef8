import { mergeEnv, pickEnv } from "../../env";
import type { Context } from "../../lifecycle";
import { pathOf, type Texts, textFields } from "../../schema";
import { observe } from "../variable-targets/find";
import { textKey } from "../variable-targets/host";
import { foreignToBlock } from "./foreign";
import type { BlockInputs } from "./model";
import { nameIn, releaseBlock, staying } from "./release";

/** Removes the variables of a block from its target: neither those of other resources, nor what somebody else set. */
export async function removeBlock(inputs: BlockInputs, context: Context): Promise<void> {
  const { api, run, lock, warn } = context;
  const ownedElsewhere = await releaseBlock(inputs, context);
  await lock.run(pathOf(inputs.target), async () => {
    const host = await observe(inputs.target, api);
    if (!host) return;
    const texts: Texts = {};
    const kept: string[] = [];
    for (const field of textFields) {
      const owned = Object.keys(inputs[field] ?? {}).filter((key) => !ownedElsewhere(field, key));
      const free = run.ownership.unclaimed(textKey(host.kind, host.id, field), owned);
      if (free.length > 0)
        await run.ownership.holdings.assertRead(`The EnvironmentBlock of ${pathOf(inputs.target)}`);
      const text = host.texts[field] ?? "";
      const foreign = foreignToBlock(host, field, inputs);
      const present = Object.keys(pickEnv(text, free, host.rules[field]));
      const mine = present.filter((key) => !foreign.includes(key));
      kept.push(...present.filter((key) => foreign.includes(key)).map((key) => nameIn(field, key)));
      if (mine.length > 0) texts[field] = mergeEnv(text, {}, mine, host.rules[field]);
    }
    if (kept.length > 0) {
      const why = (them: string) => `somebody else set ${them} since the last run`;
      warn(staying(inputs, kept, why), "stays");
    }
    await host.save(texts);
  });
}
