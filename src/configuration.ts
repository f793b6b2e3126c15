/** Settings as package.json declares them; a stored value of another type gives the default. */
import * as vscode from 'vscode';
import type { InkStyle } from './editor/surprise/inks.ts';
import { settings, type PrecisionSetting } from './manifest.ts';

export function textSetting(name: 'headlight.model' | 'headlight.hub.endpoint'): string {
  const value: unknown = vscode.workspace.getConfiguration().get(name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : settings[name];
}

export function countSetting(name: 'headlight.threads' | 'headlight.follow.delay'): number {
  const value: unknown = vscode.workspace.getConfiguration().get(name);
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : settings[name];
}

export function flagSetting(name: 'headlight.ghostText.enabled'): boolean {
  const value: unknown = vscode.workspace.getConfiguration().get(name);
  return typeof value === 'boolean' ? value : settings[name];
}

export function precisionSetting(): PrecisionSetting {
  const value: unknown = vscode.workspace.getConfiguration().get('headlight.precision');
  return value === 'float32' || value === '8-bit' ? value : 'auto';
}

export function surpriseStyleSetting(): InkStyle {
  return vscode.workspace.getConfiguration().get('headlight.surprise.style') === 'background' ? 'background' : 'underline';
}

/** Name of the model that colours documents; empty for the one that panels start with. */
export function surpriseModelSetting(): string {
  const value: unknown = vscode.workspace.getConfiguration().get('headlight.surprise.model');
  return typeof value === 'string' ? value.trim() : settings['headlight.surprise.model'];
}
