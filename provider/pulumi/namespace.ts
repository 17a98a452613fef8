/** Namespace of the settings in the stack's configuration, which messages name as `dokploy:url`. */
const standard = "dokploy";

let namespace = standard;

/** Sets the namespace of this process, where Pulumi reads the settings below another name. */
export function useNamespace(name: string): void {
  namespace = name;
}

/** Returns a message that names the settings as this process reads them: `dokploy-native:url`. */
export function inNamespace(message: string): string {
  if (namespace === standard) return message;
  return message.replace(/(?<![\w/.[-])dokploy:(?=[a-z])/g, `${namespace}:`);
}
