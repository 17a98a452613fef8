import { z } from "zod";
import { isImage } from "../../schema";
import { openPlaces } from "./image-tag";

/** Message for text that is not the name of a Docker image; Dokploy pulls an image by the unchanged text. */
const notAnImage = "is not an image such as ghcr.io/acme/api:1.4.2";
export const imageName = z
  .string()
  .regex(/^[^\s:@/][^\s]*[^\s:@/]$|^\w$/, { error: notAnImage, abort: true })
  // The tag of a run is checked once it is in its place.
  .refine((text) => isImage(text.replace(openPlaces, "x")), notAnImage);

/** Address of a registry, with or without a scheme and a path; empty for Docker Hub. */
export const registryAddress = z
  .string()
  .regex(
    /^(?:(?:https?:\/\/)?[A-Za-z0-9][A-Za-z0-9.-]{0,253}(?::\d{1,5})?(?:\/[\w./-]{0,1000})?)?$/,
    "is not the address of a registry such as ghcr.io or https://registry.example.com:5000",
  );

/** TCP or UDP port. */
export const portNumber = z.number().int().min(1).max(65_535);

/**
 * DNS host name as Dokploy takes it: labels of letters, digits and inner hyphens. Dokploy keeps capitals, and Traefik
 * ignores case, so lower case gives each name one form.
 */
const hostShape = [
  /^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-)){0,127}$/,
  "is not a host name such as shop.example.com: lower-case letters, digits, - and dots, without a scheme, a path or a wildcard",
] as const;
export const hostName = z
  .string()
  .max(253)
  .regex(...hostShape);

/** Host name by which Traefik finds a service. Dokploy takes no wildcard, and its rule would match nothing. */
export const servedHost = z
  .string()
  .max(253)
  .regex(/^[^*]*$/, {
    error:
      "is a wildcard, which Dokploy does not support in a domain: give each host a separate one, or route all of " +
      "them with a TraefikFile whose rule is a HostRegexp",
    abort: true,
  })
  .regex(...hostShape);

/** Address of a web server, to which paths are added. */
export const webAddress = z
  .string()
  .regex(
    /^https?:\/\/(?:[A-Za-z0-9](?:[\w.-]{0,253}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?(?:\/[\w.~%@:+,=/-]{0,1000}[\w.~%@:+,=-])?$/,
    "is not an address such as https://git.example.com: without a login, and without a slash or a query at its end",
  );

/**
 * Address of a web server that may have a login, which makes it a secret, or a slash at its end. Dokploy puts it
 * unchanged into variables and requests.
 */
export const serverAddress = z
  .string()
  .regex(
    /^https?:\/\/(?:[\w.~%!*+,=:-]{1,1000}@)?[\p{L}\p{N}[][\p{L}\p{N}.:_\]-]{0,259}(?:\/[\w.~%@:+,=/-]{0,1000})?$/u,
    "is not an address such as https://push.example.com: it begins with http:// or https://, and has no space, no " +
      "quote, no query and no character that a shell interprets",
  );

/** Web address that is called unchanged, such as a webhook, made of the characters that addresses have (RFC 3986). */
export const webLink = z
  .string()
  .regex(
    /^https?:\/\/[\p{L}\p{N}[][\p{L}\p{N}.:@_~%!$&'()*+,;=\]-]{0,1000}(?:[/?#][\w.~%!$&'()*+,;=:@/?#[\]-]{0,4000})?$/u,
    "is not an address that begins with http:// or https:// and contains no space or quote (write them as %20 and %22)",
  );

/** Git branch. Branches become part of a shell command on the server, so the API allows only these characters. */
export const branch = z
  .string()
  .regex(/^[a-zA-Z0-9._\-/#]+$/, "is not a branch name that Dokploy accepts (letters, digits and . _ - / #)");
