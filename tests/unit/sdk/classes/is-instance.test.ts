import * as assert from "node:assert/strict";
import { type ResourceValidationArgs, validateResourceOfType } from "@pulumi/policy";
import * as dokploy from "../../../../sdk";
import { inputNames, type Kind, typesOfComponent, typesOfKind } from "../../../../sdk/run";

type AnyClass = new (name: string, args: object) => dokploy.Project;

const kinds = Object.keys(inputNames) as Kind[];
const classOf = (name: string) => (dokploy as unknown as Record<string, AnyClass>)[name] as AnyClass;

/** Names the classes for which `@pulumi/policy` calls a validation of theirs with a resource of this type. */
function classesOf(type: string): string[] {
  return [...kinds, "DeploymentRepository"].filter((name) => {
    let isCalled = false;
    const validate = validateResourceOfType(classOf(name), () => {
      isCalled = true;
    });
    validate(argsOf(type), () => {});
    return isCalled;
  });
}

/** As the server of `@pulumi/policy` makes them: it calls `isInstance` without the class. */
function argsOf(type: string): ResourceValidationArgs {
  const args = {
    type,
    props: {},
    isType: ({ isInstance }: { isInstance?: (value: object) => boolean }) =>
      isInstance?.({ __pulumiType: type }) === true,
    notApplicable: () => undefined,
  };
  return args as unknown as ResourceValidationArgs;
}

describe("a class in a policy", () => {
  for (const door of ["dynamic", "plugin"] as const) {
    it(`finds the resources of its kind, and no others (${door})`, () => {
      for (const kind of kinds) assert.deepEqual(classesOf(typesOfKind(kind)[door]), [kind]);
      assert.deepEqual(classesOf(typesOfComponent("DeploymentRepository")[door]), ["DeploymentRepository"]);
      assert.deepEqual(classesOf("aws:s3/bucket:Bucket"), []);
    });
  }

  it("gives the inputs with their types to the validation", () => {
    const images: string[] = [];
    const validate = validateResourceOfType(dokploy.Application, ({ source, domains, ...others }) => {
      if (source?.type === "docker") images.push(source.image);
      for (const { host } of Array.isArray(domains) ? domains : []) images.push(host);
      // @ts-expect-error an application has no such input
      assert.equal(others.image, undefined);
    });
    const args = argsOf(typesOfKind("Application").plugin);
    args.props["source"] = { type: "docker", image: "acme/api:1" };
    args.props["domains"] = [{ host: "api.acme.dev" }];
    validate(args, () => {});
    assert.deepEqual(images, ["acme/api:1", "api.acme.dev"]);
  });

  it("takes any value, as the functions of Pulumi with this name do", () => {
    for (const value of [undefined, null, "text", {}, { __pulumiType: 1 }])
      assert.equal(dokploy.Application.isInstance(value), false);
  });
});
