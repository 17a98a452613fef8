import Module = require("node:module");

/** Packages that Pulumi's SDK loads with its first module, and that no plugin uses. */
export const onFirstUse = /^(?:@npmcli\/arborist|typescript|\.\/automation|@opentelemetry\/(?!api$).*)$/;

type Load = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown;

/**
 * Makes Pulumi's SDK load some packages when it first uses them. They take most of the time in which a process starts:
 * to serialize functions, to translate TypeScript, to trace, to automate.
 */
export function loadSdkLazily(): void {
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = (request, parent, isMain) => {
    const bySdk = /[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename ?? "");
    if (!bySdk || !onFirstUse.test(request)) return load(request, parent, isMain);
    let loaded: object | undefined;
    const whole = () => {
      loaded ??= load(request, parent, isMain) as object;
      return loaded;
    };
    return new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : Reflect.get(whole(), key)) });
  };
}
