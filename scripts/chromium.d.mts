export function findChromium(): Promise<string | null>;
export const quietFlags: readonly string[];
