import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Folder URL of the runtime's own files as they ship. */
export const runtimeUrl = (root: string): string => pathToFileURL(join(root, 'dist/runtime')).href + '/';
