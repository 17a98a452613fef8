import type { ServiceClass } from "../../provider/dokploy";
import type { inputNames } from "./generated/input-names";

/** A kind of resource. The state contains these names, so they never change. */
export type Kind = keyof typeof inputNames;

/** A kind of service, which runs in containers. Dokploy's names for them are the same in lower case. */
export type { ServiceClass };

/** Names of the inputs of a service that list its parts. */
export type Lists<Service extends ServiceClass> = keyof (typeof inputNames)[Service]["lists"];
