export function packExtension(folder: string, out: string): Promise<string>;
