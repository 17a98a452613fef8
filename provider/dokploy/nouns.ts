/** Nouns in messages and pages for the objects of a router, where they differ from its name. */
export const NOUNS = {
  sshKey: "SSH key",
  github: "GitHub provider",
  gitlab: "GitLab provider",
  bitbucket: "Bitbucket provider",
  gitea: "Gitea provider",
  security: "login",
} as const;
