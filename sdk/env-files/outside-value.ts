import * as pulumi from "@pulumi/pulumi";
import { inserted } from "../files";
import type { EntryValue, FilledValue, GeneratedValue } from "./entry";
import { Generated, type WantedSecret } from "./generated-text";
import { fromConfig, fromProcess, type Resolved } from "./values";

/** The place that asks for a value. */
export interface Asking {
  /** Name of the variable or the field, after which a generated secret is called that has no name. */
  readonly name: string;
  /** File and line, for errors. */
  readonly place: string;
  /** True for the next or the former value of a rotation. */
  readonly isAside?: boolean;
  /** True for both values of a rotation. */
  readonly isRotating?: boolean;
  /** Configuration in which a secret is looked up that has no namespace. Default: that of the project. */
  readonly config?: pulumi.Config | undefined;
}

/** Returns a value from outside the file, kept secret. */
export function outsideValue(
  value: Exclude<EntryValue, { kind: "text" | "address" | "managed" }>,
  asking: Asking,
): Resolved {
  switch (value.kind) {
    case "secret":
      return fromConfig(value.name, asking.config);
    case "environment":
      return fromProcess(value.name);
    case "generated":
      return generatedValue(value, asking);
    case "filled": {
      const parts: Record<string, pulumi.Input<string>> = {};
      for (const [name, inner] of Object.entries(value.values)) {
        const found = outsideValue(inner as Parameters<typeof outsideValue>[0], asking);
        if ("missing" in found) return found;
        parts[name] = found.value;
      }
      return { value: filledValue(value, parts, asking), text: undefined };
    }
  }
}

function generatedValue(value: GeneratedValue, asking: Asking): Resolved {
  const { signingKey } = value;
  const { name = asking.name, rotation, recipe } = value;
  const wanted = {
    name,
    rotation,
    recipe,
    isAside: asking.isAside ?? false,
    isRotating: asking.isRotating ?? false,
  };
  const generated = (secret: WantedSecret) => ({
    value: new Generated(asking.name, secret, asking.place) as unknown as pulumi.Input<string>,
    text: undefined,
  });
  if (signingKey === undefined) return generated(wanted);
  const found = outsideValue(signingKey as Parameters<typeof outsideValue>[0], {
    ...asking,
    isAside: false,
    isRotating: false,
  });
  return "missing" in found ? found : generated({ ...wanted, signingKey: partOf(found.value) });
}

/** Returns a text with values in its places. With a generated one, it is a place for the text. */
export function filledValue(
  { text }: Pick<FilledValue, "text">,
  values: Readonly<Record<string, pulumi.Input<string>>>,
  { name, place }: Pick<Asking, "name" | "place">,
): pulumi.Input<string> {
  if (!Object.values(values).some((value) => (value as unknown) instanceof Generated))
    return pulumi.all(values).apply((texts) => inserted(text, texts));
  const parts = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, partOf(value)]));
  return new Generated(name, { text, parts }, place) as unknown as pulumi.Input<string>;
}

function partOf(value: pulumi.Input<string>): WantedSecret | pulumi.Input<string> {
  const given: unknown = value;
  return given instanceof Generated ? (given.value as WantedSecret) : value;
}
