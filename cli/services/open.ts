import { someOf, visible } from "../../packages/text";
import { addressesOf, isCi } from "../../provider/dokploy";
import type { Dependencies } from "../stack";
import { parseArguments, UsageError } from "../terminal";
import { openOptions } from "./options";
import { rowOf } from "./read";
import { servicesOf, theService } from "./stack-services";

/** Everything that `open` needs from outside. */
export interface OpenDependencies
  extends Pick<Dependencies, "env" | "pulumi" | "connect" | "print" | "start"> {
  /** True when a person sees the output. */
  readonly isTerminal: boolean;
  readonly platform: NodeJS.Platform;
}

/**
 * Prints the address of a service, or of its page in Dokploy, and opens it in a browser where there is a person.
 *
 * @throws UsageError when it has none
 */
export async function runOpen(args: readonly string[], dependencies: OpenDependencies): Promise<void> {
  const { values, positionals } = parseArguments(openOptions, args);
  const all = await servicesOf(values.stage, dependencies);
  const service = theService(all, positionals, "open");
  const api = await dependencies.connect(all.stack);
  try {
    const row = await rowOf(service, api);
    if (row === undefined)
      throw new UsageError(`Dokploy no longer has the service ${visible(service.name)}.`);
    const found = addressesOf(row.domains);
    // An address with https is what the others usually lead to.
    const address = values.dashboard
      ? pageOf(api.url, service, row.environment)
      : (found.find((one) => one.startsWith("https:")) ?? found[0]);
    if (address === undefined)
      throw new UsageError(`${visible(service.name)} has no domain; --dashboard opens its page in Dokploy.`);
    dependencies.print(address);
    const others = found.filter((one) => one !== address);
    if (others.length > 0 && !values.dashboard && dependencies.isTerminal)
      dependencies.print(`It also has ${someOf(others)}.`);
    if (values.print || !dependencies.isTerminal || isCi(dependencies.env)) return;
    const [command = "", ...words] = browserOf(dependencies.platform);
    await dependencies.start(command, [...words, address], browserEnvironment(dependencies.env));
  } finally {
    api.close();
  }
}

/** Returns the page of a service in Dokploy. */
function pageOf(
  server: string | undefined,
  { kind, id }: { readonly kind: string; readonly id: string },
  environment: { readonly environmentId?: string; readonly projectId?: string } | undefined,
): string | undefined {
  const { environmentId, projectId } = environment ?? {};
  if (server === undefined || environmentId === undefined || projectId === undefined) return undefined;
  const path = ["project", projectId, "environment", environmentId, "services", kind, id];
  return `${server}/dashboard/${path.map(encodeURIComponent).join("/")}`;
}

/** Variables by which a browser finds its window, its settings and its language. It needs nothing else, such as a key. */
const forBrowsers =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|DESKTOP_SESSION|BROWSER|WSL_DISTRO_NAME|WSL_INTEROP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERNAME|USERPROFILE|HOMEDRIVE|HOMEPATH|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES)$/i;

function browserEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => forBrowsers.test(name)));
}

/** Returns the program that opens an address in the browser. None of them is a shell. */
function browserOf(platform: NodeJS.Platform): string[] {
  if (platform === "darwin") return ["open"];
  return platform === "win32" ? ["rundll32", "url.dll,FileProtocolHandler"] : ["xdg-open"];
}
