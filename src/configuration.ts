/** Settings as package.json declares them; a stored value of another type gives the default. */
import * as vscode from 'vscode';
import { settings } from './manifest.ts';

export function textSetting(name: 'headlight.model' | 'headlight.hub.endpoint'): string {
  const value: unknown = vscode.workspace.getConfiguration().get(name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : settings[name];
}

export function countSetting(name: 'headlight.threads' | 'headlight.follow.delay'): number {
  const value: unknown = vscode.workspace.getConfiguration().get(name);
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : settings[name];
}
