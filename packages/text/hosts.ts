/** True when a host name of a URL is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isThisMachine(hostname: string): boolean {
  return /^(?:localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
