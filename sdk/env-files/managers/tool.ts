import { execFile } from "node:child_process";
import { redact } from "../../../provider/dokploy";
import { looksSecret, plainText } from "../../../provider/env";
import { notedSecrets } from "../../run";
import type { Manager } from "./table";

/** Output of a tool, or the reason why there is none, with advice. */
export type Answer = { readonly output: string } | { readonly missing: string };

/** Enough for a person who confirms the access on another device. */
const timeoutMs = 60_000;
/** Far more than the secrets of any project. */
const maxBytes = 4 * 1024 * 1024;
/** A longer output takes too long to hide in another text. */
const maxHidden = 100_000;

/** Runs a manager's tool without a shell, and ends it when it takes too long. */
export function runTool(
  { command, title, login }: Manager,
  args: readonly string[],
  limits = { timeoutMs },
): Promise<Answer> {
  const options = {
    encoding: "buffer",
    timeout: limits.timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: maxBytes,
    windowsHide: true,
    env: { ...process.env, NO_COLOR: "1" },
  } as const;
  return new Promise((resolve) => {
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      const output = textOf(stdout);
      if (error === null)
        resolve(output === undefined ? { missing: `\`${command}\` printed no text` } : { output });
      else if (error.code === "ENOENT" || error.code === "EACCES")
        resolve({ missing: `\`${command}\` is not on the PATH: install the command-line tool of ${title}` });
      else if (String(error.code) === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
        resolve({
          missing: `\`${command}\` printed over ${maxBytes / 1024 / 1024} MiB; is it the real one?`,
        });
      else if (error.killed) {
        const seconds = limits.timeoutMs / 1000;
        const reason = `\`${command}\` did not end within ${seconds} s; check its connection, and that it asks nothing`;
        resolve({ missing: `${reason}: ${login}` });
      } else {
        const said = reasonOf(textOf(stderr) ?? "", output ?? "");
        const reason = said === "" ? "without a message" : `with: ${said}`;
        resolve({ missing: `\`${command}\` failed ${reason} (if the login is missing, ${login})` });
      }
    });
    // A tool that asks a question must not wait for a person.
    child.stdin?.on("error", () => {}).end();
  });
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns the message of a tool on one line, without its output, the secrets of this process and other secrets. */
function reasonOf(stderr: string, output: string): string {
  if (output.length > maxHidden) return "a message that is withheld, since it may contain a secret";
  const own = Object.entries(process.env).flatMap(([name, value = ""]) =>
    looksSecret(name, value) ? [value] : [],
  );
  return redact(plainText(stderr), [...notedSecrets(), ...own, ...(output === "" ? [] : [output])]);
}
