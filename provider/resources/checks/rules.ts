import { isUnknown, type Values } from "../../../packages/values";

/**
 * Returns the rule of an input that belongs to one value of another input: it is required or allowed with that value,
 * and refused with any other.
 *
 * @example filePath: onlyWith("type", "file", "filePath", { needed: true })
 */
export function onlyWith(
  chooser: string,
  value: string,
  input: string,
  { needed }: { readonly needed?: true } = {},
): (inputs: Values) => string | false {
  return (inputs) => {
    if (inputs[chooser] === value)
      return needed === true && inputs[input] === undefined && `is missing: ${chooser}: "${value}" needs it`;
    // An unknown value may be the right one.
    return (
      inputs[chooser] !== undefined &&
      !isUnknown(inputs[chooser]) &&
      inputs[input] !== undefined &&
      `is only for ${chooser}: "${value}"`
    );
  };
}

/** Checks that a service in a compose file is named for a compose service, and for nothing else. */
export function serviceNameRule({
  composeId,
  serviceName,
}: {
  readonly composeId?: unknown;
  readonly serviceName?: unknown;
}): string | false {
  return composeId === undefined
    ? serviceName !== undefined && "is only for a compose service"
    : serviceName === undefined && "is missing: a compose file has several services";
}

/**
 * Checks an input with the kind of the owner, which need not be given but must be right.
 *
 * @param owners kinds of owners, which their ids show
 */
export function ownerRule(said: unknown, inputs: object, owners: readonly string[]): string | false {
  if (isUnknown(said)) return false;
  const owner = owners.find((kind) => (inputs as Values)[`${kind}Id`] !== undefined);
  return (
    said !== undefined &&
    owner !== undefined &&
    said !== owner &&
    `must be ${owner}, since ${owner}Id is given`
  );
}
