import { z } from "zod";
import { isUnknown } from "../../packages/values";
import { DokployError } from "../dokploy";
import { adviseOnTakenName, armField, reconcile, reportAdoption, splitUnknown } from "../engine";
import { CheckFailedError, PartialFailureError, UserError } from "../errors";
import type { Context, Entity } from "../lifecycle";
import { id, Mapping, nonEmptyText, withoutColumn } from "../schema";
import {
  contentOf,
  contentOfListed,
  contentProblem,
  empty,
  type FilePlace,
  idOf,
  pathProblem,
  pathsIn,
  placeOf,
  write,
} from "./traefik-file/files";
import { content as fileContent } from "./types/paths";

export const traefikFileSchema = z.strictObject({
  /**
   * Path in Traefik's folder: `dynamic/headers.yml`. A file that Dokploy writes is not allowed. A change replaces the
   * resource.
   */
  path: armField("as:path", nonEmptyText.meta({ examples: ["dynamic/headers.yml"] }), { replace: true }),
  /** Whole content of the file, which Traefik reads as soon as it is saved. */
  content: armField("as:content", fileContent.min(1), { secret: "maybe" }),
  /** Id of the server that the file is on. A change replaces the resource. Default: Dokploy's own machine. */
  serverId: armField("as:server", id.optional(), { replace: true }),
  /** @internal Set by the resource option `import`. */
  import: withoutColumn(nonEmptyText.optional(), { apply: "none", createOnly: true }),
});
export type TraefikFileInputs = z.infer<typeof traefikFileSchema>;

const mapping = new Mapping(traefikFileSchema);

/**
 * A whole file of Traefik's dynamic configuration, for routers, middlewares and certificates that Dokploy has no other
 * place for. Traefik reads it as soon as it is saved. A file that Dokploy writes itself is refused. So is an existing
 * file, unless the option `import` names it by its path.
 *
 * Deleting it empties the file, since Dokploy has no call that removes one.
 *
 * @example
 * ```ts
 * new dokploy.TraefikFile("headers", {
 *   path: "dynamic/headers.yml",
 *   content: "http:\n  middlewares:\n    hsts:\n      headers:\n        stsSeconds: 31536000\n",
 * });
 * new dokploy.Domain("shop", { applicationId: web.id, host: "shop.example.com", middlewares: ["hsts@file"] });
 * ```
 */
export const traefikFile: Entity<TraefikFileInputs, object> = {
  kind: "TraefikFile",
  schema: traefikFileSchema,
  key: ["path", "serverId"],

  check({ path, content }, advise) {
    // The schema reports a value that is not text.
    if (typeof path !== "string" || isUnknown(path)) return [];
    if (advise()?.run.secrets.wasMarked(path)) {
      const reason =
        "is marked as secret, and Pulumi shows it as the id of the resource: give it in plain text, without " +
        "pulumi.secret, " +
        "!env or !secret";
      return [{ property: "path", reason }];
    }
    const wrongPath = pathProblem(path);
    if (wrongPath !== undefined) return [{ property: "path", reason: wrongPath }];
    const wrong =
      typeof content !== "string" || isUnknown(content) ? undefined : contentProblem(path, content);
    return wrong === undefined ? [] : [{ property: "content", reason: wrong }];
  },

  async preflight(inputs, context, { adopted, replaced }) {
    if (!isKnown(inputs) || isUnknown(adopted)) return;
    if (adopted === undefined) {
      if (idOf(inputs) !== replaced?.id) await refuseTaken(inputs, context, context.reads);
      return;
    }
    const content = await adoptable(adopted, inputs, context.reads);
    const changes = mapping.changes({ ...inputs, content }, inputs);
    reportAdoption(`TraefikFile ${adopted}`, splitUnknown(changes, inputs), context);
  },

  async list(tree) {
    const { api } = tree;
    return await tree.onEachServer("TraefikFile", async (serverId) => {
      const files = pathsIn(
        await api.call("settings.readDirectories", serverId === undefined ? {} : { serverId }),
      );
      const places = files.filter((path) => pathProblem(path) === undefined);
      const found = await Promise.all(
        places.map(async (path) => {
          const content = await contentOfListed({ path, serverId }, api);
          const row = { "as:path": path, "as:content": content, "as:server": serverId };
          return content === undefined ? [] : [{ id: idOf({ path, serverId }), ...mapping.existing(row) }];
        }),
      );
      return found.flat();
    });
  },

  async create(inputs, context) {
    await converge(inputs, async () => await refuseTaken(inputs, context, context.api), context);
    return { id: idOf(inputs), outputs: {} };
  },

  async read(id, { inputs }, { reads }) {
    const content = await contentOf(placeOf(id), reads);
    if (content === undefined) return undefined;
    return {
      inputs: mapping.readBack(
        { ...mapping.columns(inputs), "as:content": content },
        inputs,
      ) as TraefikFileInputs,
      outputs: {},
    };
  },

  async update(id, olds, news, _changes, { api, ...context }) {
    const observe = () => (olds ? contentOf(news, api) : adoptable(id, news, api));
    await converge(news, observe, { api, ...context });
    return {};
  },

  async delete(deleted, inputs, context) {
    if ((await contentOf(inputs, context.api)) === undefined) return;
    await empty(inputs, context.api);
    await assertWritten(inputs, undefined, context);
    context.warn(
      `TraefikFile ${deleted} is emptied, and stays as a file without effect: Dokploy's API cannot delete it.`,
      "stays",
    );
  },

  label: ({ path }) => (path === undefined || isUnknown(path) ? undefined : `"${path}"`),
};

function isKnown({ path, serverId }: TraefikFileInputs): boolean {
  return !isUnknown(path) && !isUnknown(serverId);
}

/** @throws CheckFailedError when such a file exists */
async function refuseTaken(
  inputs: TraefikFileInputs,
  context: Pick<Context, "run" | "resource">,
  api: Context["api"],
): Promise<undefined> {
  if ((await contentOf(inputs, api)) === undefined) return undefined;
  const advice = await adviseOnTakenName("TraefikFile", idOf(inputs), context, "path");
  const reason = `Traefik already has this file. ${advice}`;
  throw new CheckFailedError([{ property: "path", reason }]);
}

/** @throws CheckFailedError when no such file exists, or the inputs name another one */
async function adoptable(adopted: string, place: FilePlace, api: Context["api"]): Promise<string> {
  if (adopted !== idOf(place)) {
    const reason = `must be ${JSON.stringify(idOf(place))}, the file that the inputs name`;
    throw new CheckFailedError([{ property: "import", reason }]);
  }
  const content = await contentOf(place, api);
  if (content !== undefined) return content;
  const reason = "Traefik has no such file; without the option import, it is created";
  throw new CheckFailedError([{ property: "import", reason }]);
}

/** Writes the file if it differs from the program's. */
async function converge(
  inputs: TraefikFileInputs,
  observe: () => Promise<string | undefined>,
  context: Context,
): Promise<void> {
  const { api } = context;
  await reconcile(
    `traefik/${idOf(inputs)}`,
    observe,
    (content) =>
      content === inputs.content
        ? {}
        : {
            write: {
              async send() {
                await write(inputs, inputs.content, api);
                try {
                  await assertWritten(inputs, inputs.content, context);
                } catch (error) {
                  // The file has probably been written.
                  if (!(error instanceof DokployError)) throw error;
                  throw new PartialFailureError(idOf(inputs), {}, error, { content: content ?? "" });
                }
              },
              isThere: async () => (await contentOf(inputs, api)) === inputs.content,
              unfinished: (reason) =>
                new PartialFailureError(idOf(inputs), {}, reason, { content: content ?? "" }),
            },
          },
    context,
  );
}

/**
 * @throws UserError when the file has other content, since Dokploy reports success even when its disk refuses the write
 */
async function assertWritten(
  inputs: FilePlace,
  content: string | undefined,
  { api }: Context,
): Promise<void> {
  if ((await contentOf(inputs, api)) === content) return;
  throw new UserError(
    `Dokploy reported that it wrote ${inputs.path}, but the file has other content: Dokploy's log says why, for ` +
      "example a full disk. Run the update again.",
  );
}
