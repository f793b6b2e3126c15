/** Where the Hub is, and the token for it: each address has a token of its own, so that none gets another's. */
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { parseEndpoint } from './hub/repo.ts';

export class HubAccess {
  /** @param setting the address as it is set. */
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly setting: () => string,
  ) {}

  /** @throws DownloadFailure `download.badEndpoint` */
  get endpoint(): string {
    return parseEndpoint(this.setting());
  }

  token(): Thenable<string | undefined> {
    return this.secrets.get(this.key);
  }

  /** Asks for a token and keeps it; `false` if the user gave none. */
  async ask(repo: string): Promise<boolean> {
    const { host } = new URL(this.endpoint);
    const token = await vscode.window.showInputBox({
      title: l10n.t('Access Token for {0}', host),
      prompt: l10n.t('{0} wants to know who asks for {1}. A token with read access is enough. It is kept in the secret storage of VS Code, and sent to {0} only.', host, repo),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (/^[\x21-\x7e]{1,512}$/.test(text.trim()) ? null : l10n.t('A token has no spaces.')),
    });
    if (token === undefined) return false;
    await this.secrets.store(this.key, token.trim());
    return true;
  }

  /** @returns whether there was one */
  async forget(): Promise<boolean> {
    const there = (await this.token()) !== undefined;
    await this.secrets.delete(this.key);
    return there;
  }

  private get key(): string {
    return `headlight.hub.token:${new URL(this.endpoint).origin}`;
  }
}
