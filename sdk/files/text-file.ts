import * as pulumi from "@pulumi/pulumi";
import { visible } from "../../packages/text";
import { FileError, type ReadOptions, readSource, type Source } from "./source";

/** Texts for the places `${NAME}` of a file, by name. */
export type FileValues = Readonly<Record<string, pulumi.Input<string>>>;

/** Options for a file with places for texts that it must not show, such as secrets. */
export interface TextFileOptions extends ReadOptions {
  /**
   * Texts that replace `${NAME}` in the file, each by its name. They are inserted as they are, without quotes or
   * escapes. Every other `${…}` stays.
   */
  readonly values: FileValues;
}

/**
 * Reads a text file of the repository, such as the content of a {@link Mount}. Secrets in it can come from elsewhere:
 * `${NAME}` is replaced by the value of that name in `values`, and the result is secret if one of them is.
 *
 * @param path relative to the working directory, which in a Pulumi program is the folder of its `main`
 * @throws FileError when it is missing, not a file, outside the repository, over 1 MiB or not UTF-8, or has no place
 * for a value
 * @example
 * ```ts
 * new dokploy.Mount("settings", {
 *   applicationId: web.id,
 *   type: "file",
 *   filePath: "app.toml",
 *   mountPath: "/etc/app.toml",
 *   content: dokploy.textFile("files/app.toml", { values: { DB_PASSWORD: config.requireSecret("dbPassword") } }),
 * });
 * ```
 */
export function textFile(path: string, options: TextFileOptions): pulumi.Output<string>;
export function textFile(path: string, options?: ReadOptions): string;
export function textFile(
  path: string,
  options: ReadOptions & { readonly values?: FileValues | undefined } = {},
): string | pulumi.Output<string> {
  const { values, ...reading } = options;
  const source = readSource(path, reading);
  return values === undefined ? source.text : filled(source, values);
}

/**
 * Inserts texts into the places `${NAME}` of a file.
 *
 * @throws FileError for a value without a place, or whose name no place can have
 */
export function filled({ path, text }: Source, values: FileValues): pulumi.Output<string> {
  for (const name of Object.keys(values)) {
    if (text.includes(`\${${name}}`) && /^[A-Za-z_]\w*$/.test(name)) continue;
    throw new FileError(
      `${visible(path)}: has no \${${visible(name)}}, which values gives a text for; correct the name, or remove the value`,
    );
  }
  return pulumi.all(values as Record<string, pulumi.Input<string>>).apply((texts) => inserted(text, texts));
}

/** Returns a text in which `${NAME}` is replaced, for these names alone. */
export function inserted(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{([A-Za-z_]\w*)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : place,
  );
}
