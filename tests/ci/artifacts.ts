/**
 * What stands in the place of the artifacts of a run of GitHub, and of the actions that keep and fetch them. It refuses
 * what upload-artifact and download-artifact refuse, or the service behind them.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Action } from "./steps";

/** Characters that @actions/artifact refuses in the name of an artifact. */
const refusedInNames = /["<>|*?\r\n\\/:]/;
const refusedInFiles = /["<>|*?\r\n:]/;

/** The artifacts of one run, with all its attempts. */
export class Artifacts {
  /** Contents of the files of each artifact, by their paths in it. */
  readonly kept = new Map<string, Map<string, Buffer>>();

  private uploads = 0;

  /** @param server where the run is; a GitHub Enterprise Server has no such artifacts */
  constructor(private readonly server = "https://github.com") {}

  /** The two actions, by their names without version. */
  actions(): Record<string, Action> {
    return {
      "actions/upload-artifact": async (inputs, { workspace }) => {
        const { name: asked = "artifact", path: given = "", overwrite, archive } = inputs;
        const { "if-no-files-found": none = "warn" } = inputs;
        if (this.isForeign()) return refused("upload-artifact@v4+ is not supported on GHES");
        const from = path.resolve(workspace, given);
        const files = filesIn(from);
        // A file alone has its own name, but an input decides which artifact makes room for it.
        const name = archive === "false" ? ([...files.keys()][0] ?? asked) : asked;
        if (refusedInNames.test(name) || name === "")
          return refused(`The artifact name is not valid: ${name}`);
        if (files.size === 0) return none === "error" ? refused(`No files were found: ${given}`) : kept("");
        const wrong = [...files.keys()].find((file) => refusedInFiles.test(file));
        if (wrong !== undefined) return refused(`The path for one of the files is not valid: ${wrong}`);
        if (archive === "false" && files.size > 1)
          return refused("When 'archive' is set to false, only a single file can be uploaded.");
        if (overwrite === "true") this.kept.delete(asked);
        if (this.kept.has(name))
          return refused("(409) Conflict: an artifact with this name already exists on the workflow run");
        this.kept.set(name, files);
        this.uploads += 1;
        return kept(`${this.server}/acme/shop/actions/runs/99/artifacts/${this.uploads}`);
      },
      "actions/download-artifact": async (inputs, { workspace }) => {
        const { name = "", pattern = "", path: to = ".", "merge-multiple": merges } = inputs;
        if (this.isForeign()) return refused("download-artifact@v4+ is not supported on GHES");
        if (name !== "" && !this.kept.has(name)) return refused(`Artifact '${name}' not found`);
        const found = [...this.kept].filter(([each]) =>
          name === "" ? pattern === "" || matches(pattern, each) : each === name,
        );
        for (const [each, files] of found) {
          const isAlone = name !== "" || merges === "true" || found.length === 1;
          const folder = path.resolve(workspace, to, isAlone ? "" : each);
          for (const [file, contents] of files) {
            fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
            fs.writeFileSync(path.join(folder, file), contents);
          }
        }
        return undefined;
      },
    };
  }

  private isForeign(): boolean {
    const { hostname } = new URL(this.server);
    return hostname !== "github.com" && !hostname.endsWith(".ghe.com");
  }
}

/** What the action says of an artifact, with an address unless there was nothing to keep. */
function kept(url: string) {
  return { code: 0, output: "", outputs: { "artifact-url": url } };
}

function refused(reason: string) {
  return { code: 1, output: `::error::${reason}\n` };
}

/** The files of a folder by their paths in it, or one file by its name. Hidden ones are left out. */
function filesIn(from: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  if (!fs.existsSync(from)) return files;
  if (!fs.statSync(from).isDirectory()) return files.set(path.basename(from), fs.readFileSync(from));
  for (const name of fs.readdirSync(from, { recursive: true, encoding: "utf8" })) {
    const isHidden = name.split(path.sep).some((part) => part.startsWith("."));
    if (!isHidden && !fs.statSync(path.join(from, name)).isDirectory())
      files.set(name, fs.readFileSync(path.join(from, name)));
  }
  return files;
}

/** Whether a name matches a pattern whose only special character is a star. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
