import { UserError } from "../../../provider/errors";

/** A service or a deployment that cannot go back, with the reason and what to do instead. */
export class Refused extends UserError {}
