import { type TemplateFiles, templateFiles } from "./files";
import type { TemplateService } from "./hosts";
import { readTemplate } from "./source";

/** Templates of a call, and the stages that get them. */
export interface Templates {
  readonly templates: readonly TemplateService[];
  /** Folder or address of the templates. */
  readonly templatesFrom: string;
  readonly stages: readonly string[];
}

/**
 * Returns the files of all services that are made from templates, with notes that name the service.
 *
 * @throws UsageError, UserError for a template that cannot be read, or that a repository cannot have
 */
export async function filesOfTemplates({
  templates,
  templatesFrom,
  stages,
}: Templates): Promise<TemplateFiles> {
  const files = new Map<string, string>();
  const notes: string[] = [];
  for (const service of templates) {
    const made = templateFiles(service, await readTemplate(service.id, templatesFrom), stages);
    for (const [path, text] of made.files) files.set(path, text);
    notes.push(...made.notes.map((note) => `${service.name}: ${note}`));
  }
  return { files, notes };
}
