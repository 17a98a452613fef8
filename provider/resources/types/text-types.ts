/**
 * Types of texts, by what Dokploy makes of them. Each type lists the characters that are allowed, so that an accepted
 * text means the same there as in the program: it stays one word, one path, one value.
 */

import { z } from "zod";

/** Characters that no shell interprets. */
const plain = "\\p{L}\\p{M}\\p{N}_.:@%+,=!#\\-";
const plainWords = "letters, digits and _ . : @ % + , = ! # -";
const IN_SHELL = "Dokploy puts it without quotes into a shell command that runs as root";

const named = (pattern: RegExp, what: string) => z.string().regex(pattern, `is not ${what}: ${IN_SHELL}`);

/** Name of one word, such as the stage of a Dockerfile or a version, in a command without quotes. */
export const commandName = named(
  /^\w[\w.-]{0,127}$/,
  "one word of letters, digits and _ . -, beginning with a letter, a digit or _",
);

/** Path in the code of a service, in a command without quotes; a slash at its beginning is the root of the code. */
export const codePath = named(
  new RegExp(`^(?![~#-])(?!.*[=:]~)(?:/|(?!\\.\\.(?:/|$))[${plain}~]+(?:/|$))+$`, "u"),
  `a path inside the code, such as apps/web: between the slashes it has only ${plainWords} ~, and no ..`,
);

/** Path of a file in the code of a service that Docker reads, so that a slash at its beginning would lead elsewhere. */
export const codeFile = codePath.regex(
  /^[^/]/,
  "begins with a slash, which is the root of the server: give the path inside the code, such as deploy/compose.yaml",
);

/** Returns the pattern of a path inside a folder, whose names have these characters. */
const inside = (characters: string) => {
  const name = `(?!\\.{1,2}(?:/|$))[${characters}]+`;
  return `${name}(?:/${name})*$`;
};

/** Path inside a folder, in a command without quotes: Dokploy deletes the file with one. */
export const plainInnerPath = named(
  new RegExp(`^(?![~#-])(?!.*[=:]~)${inside(`${plain}~`)}`, "u"),
  `a path inside the folder, such as conf/app.conf: between the slashes it has only ${plainWords} ~, and no ..`,
);

/** Path inside a folder, in a command between double quotes. */
export const quotedInnerPath = z
  .string()
  .regex(
    new RegExp(`^${inside(`${plain}~\\p{So} &()[\\]{}'^;*?<>|`)}`, "u"),
    "is not a path such as conf/app.conf: inside the folder, without .. or a / at either end, and without a character " +
      'that a shell interprets between quotes: " $ ` \\ or a line break',
  );

/** Address of a git repository: a web address, or one of SSH. A password in it has other characters encoded (`%24`). */
export const gitAddress = named(
  new RegExp(
    `^(?:(?:https?|ssh|git)://|(?:[\\p{L}\\p{N}_][${plain.replace(/[:=@]/g, "")}]{0,200}@)?[A-Za-z0-9][A-Za-z0-9.-]{0,253}:(?!:|//))(?![/-])[${plain}/~?*[\\]]+$`,
    "u",
  ),
  "the address of a git repository, such as https://git.example.com/acme/api.git or git@git.example.com:acme/api.git " +
    "(write special characters in a password as %24 and the like)",
);

/** Name of an owner or a repository on a git host, which becomes part of an address. */
export const repositoryName = z
  .string()
  .regex(/^[\w.~-]+$/, "is not a name in the address of a repository: letters, digits and _ . ~ -");

/** Path of a repository on a git host, with its groups. */
export const repositoryPath = z
  .string()
  .regex(
    /^[\w.~+-]+(?:\/[\w.~+-]+)*$/,
    "is not the path of a repository such as group/sub/project: letters, digits and _ . ~ + - between the slashes",
  );

/** Start of the names of images in a registry. */
export const imagePrefix = named(
  /^\w[\w.-]*(?:\/\w[\w.-]*)*$/,
  "the start of the names of images, such as acme: letters, digits and _ . - between slashes",
);

/** Name of a service in a compose file. */
export const composeServiceName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/, "is not the name of a service in a compose file");

/** End of the names of what a compose file defines. */
export const nameSuffix = z.string().regex(/^[\w.-]*$/, "may have letters, digits and _ . -");

/** Name that a backup passes to the program that saves the database. */
export const savedName = (what: string) =>
  named(
    /^(?!-)[\p{L}\p{M}\p{N}_.:@%+,=^/-]+$/u,
    `a name of a ${what} that Dokploy can save (letters, digits and _ . : @ % + , = ^ / -)`,
  );

/** Password that a backup passes to the program that saves the database. */
export const savedPassword = z
  .string()
  .min(1)
  .regex(
    /^[\p{L}\p{M}\p{N} !#%&()*+,./:;<=>?@[\]^_{|}~-]+$/u,
    "has a character other than letters, digits, spaces and ! # % & ( ) * + , - . / : ; < = > ? @ [ ] ^ _ { | } ~, which " +
      "the shell would interpret when Dokploy logs in",
  );

/** Command line for Docker: words, and further commands of Docker Compose after `&&`, as Dokploy takes it. */
export const dockerCommand = z
  .string()
  .min(1)
  .regex(
    /^[\p{L}\p{M}\p{N} _./:@%+,=~!"'&*?[\]^-]+$/u,
    "may have letters, digits, spaces and _ . / : @ % + , = ~ ! \" ' & * ? [ ] ^ -, since Dokploy puts it into a shell " +
      "command",
  )
  .regex(
    /^[^&]*(?:&& *docker[ -]compose [^&]*)*$/,
    "may continue only with && docker compose …, since Dokploy refuses any other &",
  );

/**
 * Text in a file of Traefik, which runs `{{ … }}` as a template when it reads the file. After a mistake in a template,
 * Traefik ignores the whole file.
 */
export const traefikText = z
  .string()
  .min(1)
  .regex(
    /^(?:[^{\p{Cc}]|\{(?!\{))*$/u,
    "contains a control character or {{, which Traefik runs as a template in its files; in a pattern, write \\{\\{",
  );

/** Name that Traefik's configuration gives a certificate resolver. */
export const traefikName = z
  .string()
  .regex(/^[\w.-]+$/, "is not a name in Traefik's configuration: letters, digits and _ . -");

/** Name of an entry point, which becomes part of the names of labels. */
export const entryPoint = z
  .string()
  .regex(/^[\w-]+$/, "is not the name of an entry point: letters, digits and _ -");

/** Name of a middleware, with the provider that defines it. */
export const middlewareName = z
  .string()
  .regex(
    /^[\w.-]+(?:@[\w-]+)?$/,
    "is not the name of a middleware such as auth@file: letters, digits and _ . -",
  );

/** Path in a web address, in a rule of Traefik. */
export const urlPath = z
  .string()
  .regex(
    /^\/[\p{L}\p{M}\p{N}._~!$&'()*+,;=:@%/-]*$/u,
    "must begin with /, and may have letters, digits and . _ ~ ! $ & ' ( ) * + , ; = : @ % - (write others as %7B and " +
      "the like)",
  );

/** Path of a request, maybe with a query, between single quotes in a shell of the container. */
export const requestPath = z
  .string()
  .max(1000)
  .regex(
    /^(?!.*\/\.{1,2}(?:\/|\?|$))\/[A-Za-z0-9._~%/-]*(?:\?[A-Za-z0-9._~%/=&,:+-]*)?$/,
    "is not a path such as /health, maybe with a query such as ?full=1: it may have letters a to z, digits and " +
      ". _ ~ - / %, and no .. (write others as %20 and the like)",
  );

/**
 * Returns the mistake in a text of a domain of a compose service, if there is one. Dokploy writes the text into a label
 * of the compose file, where Docker Compose replaces variables.
 */
export function labelProblem(text: unknown): string | false {
  return (
    typeof text === "string" &&
    text.includes("$") &&
    "contains a $: Dokploy writes it into a label of the compose file, in which Docker Compose replaces variables. " +
      "Write it as %24"
  );
}

/** Domain whose first label is a star, for which Dokploy puts a name. */
export const wildcardHost = z
  .string()
  .max(253)
  .regex(
    /^\*(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-)){1,127}$/,
    "is not a domain such as *.preview.acme.dev, with a star as its first part",
  );
