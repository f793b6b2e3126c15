export const serverCanBeInstalled: boolean;
export function installServer(): Promise<void>;

export interface VscodeServerOptions {
  readonly vsix?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly language?: string;
  readonly port?: number;
  readonly log?: (line: string) => void;
}

export class VscodeServer {
  static start(options: VscodeServerOptions): Promise<VscodeServer>;
  private constructor();
  readonly port: number;
  /** `HOST:PORT`, as it stands in the server's URLs. */
  readonly authority: string;
  onEnded(listener: () => void): void;
  stop(): Promise<void>;
}
