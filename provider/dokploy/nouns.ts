/** What messages and pages call the objects of a router, where that is another word than its name. */
export const NOUNS = {
  sshKey: "SSH key",
  github: "GitHub provider",
  gitlab: "GitLab provider",
  bitbucket: "Bitbucket provider",
  gitea: "Gitea provider",
} as const;
