/** The panel's document: one script, one style sheet, and nothing else allowed. */

export interface PanelHtml {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Origin that the webview may load its own files from. */
  readonly cspSource: string;
  /** Fresh for each document. */
  readonly nonce: string;
  /** BCP 47 tag of the display language. */
  readonly lang: string;
}

/**
 * Hash of an empty inline style sheet, the only one that is allowed: the toolkit adds one while it
 * loads, to find out whether the browser knows `:focus-visible`.
 */
const emptyStyle = `'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='`;

export function panelHtml({ scriptUri, styleUri, cspSource, nonce, lang }: PanelHtml): string {
  const policy = [`default-src 'none'`, `script-src 'nonce-${nonce}'`, `style-src ${cspSource} ${emptyStyle}`, `font-src ${cspSource}`, `img-src ${cspSource}`].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(lang)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Headlight</title>
    <link rel="stylesheet" href="${attribute(styleUri)}">
  </head>
  <body>
    <div id="page"></div>
    <script nonce="${attribute(nonce)}" src="${attribute(scriptUri)}"></script>
  </body>
</html>
`;
}

/** 128 random bits as text. */
export function freshNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function attribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
