import { describe, expect, it } from 'vitest';
import { freshNonce, panelHtml } from '../../../src/panel/html.ts';

const html = (changes: Partial<Parameters<typeof panelHtml>[0]> = {}): string =>
  panelHtml({ scriptUri: 'https://host/page.js', styleUri: 'https://host/page.css', cspSource: 'https://host', nonce: 'abc', lang: 'en', ...changes });

function policyOf(document: string): Record<string, string> {
  const content = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(document)?.[1] ?? '';
  return Object.fromEntries(content.split('; ').map((directive) => [directive.slice(0, directive.indexOf(' ')), directive.slice(directive.indexOf(' ') + 1)]));
}

describe("the panel's document", () => {
  it('allows nothing that it does not name', () => {
    const policy = policyOf(html());
    expect(policy['default-src']).toBe("'none'");
    expect(policy['script-src']).toBe("'nonce-abc'");
    expect(JSON.stringify(policy)).not.toMatch(/unsafe|\*/);
  });

  it('holds one script, with the nonce, and no style or script of its own', () => {
    const document = html();
    expect(document.match(/<script\b[^>]*>/g)).toEqual(['<script nonce="abc" src="https://host/page.js">']);
    expect(document).not.toMatch(/<style|style=|\son\w+=/);
  });

  it('says its language', () => {
    expect(html({ lang: 'zh-cn' })).toContain('<html lang="zh-cn">');
  });

  it('takes nothing it is given for markup', () => {
    expect(html({ lang: '"><script>alert(1)</script>' })).not.toContain('<script>');
  });

  it('gets another nonce each time', () => {
    expect(freshNonce()).toMatch(/^[0-9a-f]{32}$/);
    expect(freshNonce()).not.toBe(freshNonce());
  });
});
