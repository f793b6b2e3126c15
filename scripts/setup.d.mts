/** The repository's root, with a trailing slash. */
export const root: string;
export function requireNode20(): void;
export function installDependencies(): Promise<void>;
export function run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<number>;
