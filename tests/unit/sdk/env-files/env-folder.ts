import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { EnvVars } from "../../../../sdk/env-files/load-env";
import { FileError } from "../../../../sdk/files/source";

/** A temporary folder as the working directory: paths in tests and messages are relative to it. */
export class EnvFolder {
  private readonly before = process.cwd();
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), "env-files-")));

  constructor() {
    process.chdir(this.path);
    // Another test of this process may have played a preview, which reports what is missing only at its end.
    (pulumi.runtime as unknown as { _setIsDryRun(value: boolean): void })._setIsDryRun(false);
  }

  /** Writes a file, with the folders that it needs. */
  write(name: string, content: string | Buffer): void {
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, content);
  }

  remove(): void {
    process.chdir(this.before);
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The message of the FileError that is thrown: without values, each of which says "canary" in the tests. */
export function failureOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof FileError, String(error));
    assert.equal(inspect(error), error.message, "no trace");
    assert.doesNotMatch(error.message, /canary/i);
    return error.message;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

/** Each value as it is; a secret one as `{ secret: value }`. */
export async function seen(env: EnvVars): Promise<Record<string, string | { secret: string }>> {
  const entries = Object.entries(env).map(async ([key, value]) => {
    if (typeof value === "string") return [key, value] as const;
    const output = pulumi.output(value);
    assert.equal(await pulumi.isSecret(output), true, `${key} is an output that is no secret`);
    const secret = await new Promise<string>((resolve) => output.apply(resolve));
    return [key, { secret }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
