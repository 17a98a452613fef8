import type { Api } from "../dokploy";

type Row = Readonly<Record<string, unknown>>;

/**
 * Returns the row of a file mount with the content on the disk, which a running container sees. Dokploy does not
 * report when it failed to write that file, and others may write it. The row is unchanged where no container has it
 * mounted, or where the key has no permission to look into one.
 */
export async function withDiskContent(row: Row, owner: Row, api: Api): Promise<Row> {
  const { type, mountPath, filePath } = row;
  const { appName, serverId } = owner;
  if (type !== "file" || typeof mountPath !== "string" || typeof appName !== "string") return row;
  const server = typeof serverId === "string" ? { serverId } : {};
  try {
    const containers = await api.call("docker.getContainersByAppNameMatch", { appName, ...server });
    const running = containers.find(
      ({ name, state }) => name.startsWith(`${appName}.`) && state === "running",
    );
    if (!running) return row;
    const { containerId } = running;
    const config = await api.call("docker.getConfig", { containerId, ...server });
    const source = `/${appName}/files/${String(filePath).replace(/^\/+/, "")}`;
    const isMounted = config?.Mounts?.some(
      ({ Source = "", Destination }) => Destination === mountPath && Source.endsWith(source),
    );
    if (!isMounted) return row;
    const file = await api.call("docker.readContainerFile", { containerId, path: mountPath, ...server });
    if (file.truncated) return row;
    const content = Buffer.from(file.content, "base64").toString("utf8");
    return content === (row["content"] ?? "") ? row : { ...row, content };
  } catch {
    return row;
  }
}
