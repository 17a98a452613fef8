/** True when a host name of a URL is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isThisMachine(hostname: string): boolean {
  return /^(?:localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

const hostForm =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** True for a host name in small letters, also of one label. */
export function isHost(text: string): boolean {
  return hostForm.test(text);
}

/** True for a host name of at least two labels. */
export function isDomain(text: string): boolean {
  return isHost(text) && text.includes(".");
}
