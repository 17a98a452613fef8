/** A language host, or the reason why there is none on this machine. */
export type LanguageTool = FoundTool | { file?: undefined; reason: string };

export interface FoundTool {
  /** The absolute path of the program. */
  file: string;
  /** Folder of the program; on PATH when the CLI shall find it. */
  binDir: string;
  /** Where it comes from: the CLI's installation, or a build with Go. The latter writes no SDKs. */
  origin: "pulumi" | "go";
}

export function languageTool(
  name: "yaml" | "python" | "go" | "generate-sdk",
  options?: { log?: (line: string) => void; env?: NodeJS.ProcessEnv; timeoutSeconds?: number },
): Promise<LanguageTool>;
