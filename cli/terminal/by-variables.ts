import { adviceByVariable } from "../../provider/dokploy";
import { UserError } from "../../provider/errors";

/**
 * Runs work that takes its settings from environment variables: its errors name only these, and no command that sets
 * one elsewhere.
 */
export async function byVariables<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) error.message = adviceByVariable(error.message);
    throw error;
  }
}
