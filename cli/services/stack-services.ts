import { visible } from "../../packages/text";
import { SERVICES, type ServiceKind, serviceKinds } from "../../provider/dokploy";
import { type Dependencies, Stack, type StateResource } from "../stack";
import { UsageError, unknownService } from "../terminal";

/** A service of a stack. */
export interface StackService {
  readonly kind: ServiceKind;
  /** Name in the program. */
  readonly name: string;
  readonly id: string;
  readonly resource: StateResource;
}

/** The services of a stack, with everything that its state has. */
export interface StackServices {
  readonly stack: Stack;
  readonly services: readonly StackService[];
  readonly resources: readonly StateResource[];
}

/**
 * Reads the services of a stack out of its state.
 *
 * @param stage name of the stack; default: the selected one
 * @throws UsageError when there is no such stack, and when it has no service
 */
export async function servicesOf(
  stage: string | undefined,
  { pulumi }: Pick<Dependencies, "pulumi">,
): Promise<StackServices> {
  const stack = new Stack(stage ?? (await selectedStack(pulumi)), pulumi);
  const resources = await stack.resources();
  const services = resources.flatMap((resource) => {
    const kind = serviceKinds.find((each) => SERVICES[each].kind === resource.kind);
    const { name, id } = resource;
    return kind === undefined ? [] : [{ kind, name, id, resource }];
  });
  if (services.length === 0)
    throw new UsageError(`Stack ${stack.name} has no services: run \`pulumi up\` there first.`);
  return { stack, services: services.sort((a, b) => (a.name < b.name ? -1 : 1)), resources };
}

/**
 * Returns the services with a name: the name in the program, or that in Dokploy.
 *
 * @throws UsageError when the stack has none
 */
export function withName({ stack, services }: StackServices, name: string): StackService[] {
  const byName = services.filter((service) => service.name === name);
  if (byName.length > 0) return byName;
  const inDokploy = services.filter(({ resource }) => resource.inputs["name"] === name);
  if (inDokploy.length > 0) return inDokploy;
  const names = services.map((service) => service.name);
  throw new UsageError(unknownService(`Stack ${stack.name} has no service`, name, names));
}

/**
 * Returns the service with a name.
 *
 * @throws UsageError when the stack has none, or several
 */
export function theService(
  all: StackServices,
  [name, ...more]: readonly string[],
  command: string,
): StackService {
  if (name === undefined || more.length > 0)
    throw new UsageError(`${command} takes one service. See ${command} --help.`);
  const [service, other] = withName(all, name);
  if (service === undefined || other !== undefined)
    throw new UsageError(
      `Stack ${all.stack.name} has several services with the name ${visible(name)}; rename one.`,
    );
  return service;
}

async function selectedStack(pulumi: Dependencies["pulumi"]): Promise<string> {
  const shown = await pulumi(["stack", "--show-name", "--non-interactive"]);
  const name = shown?.code === 0 ? shown.stdout.trim() : "";
  if (name !== "") return name;
  throw new UsageError("No stack is selected here: name one with --stage, for example --stage prod.");
}
