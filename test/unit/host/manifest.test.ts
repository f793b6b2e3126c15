import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { colors, commands, contextKeys, panelType, settings, surpriseColors } from '../../../src/manifest.ts';
import { kindOf } from '../../../src/models/modelKind.ts';
import { embeddedModels } from '../../../src/models/modelNames.ts';

const root = new URL('../../../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const json = (path: string): unknown => JSON.parse(text(path));

const title = v.pipe(v.string(), v.regex(/^%.+%$/));
const menuItem = v.object({ command: v.string(), when: v.optional(v.string()), group: v.optional(v.string()) });
const manifest = v.parse(
  v.object({
    activationEvents: v.array(v.string()),
    files: v.array(v.string()),
    contributes: v.object({
      commands: v.array(v.object({ command: v.string(), category: v.optional(v.literal('Headlight')), title, enablement: v.optional(v.string()) })),
      menus: v.record(v.string(), v.array(menuItem)),
      keybindings: v.array(v.object({ command: v.string(), key: v.string(), mac: v.string(), when: v.string() })),
      configuration: v.object({
        properties: v.record(v.string(), v.object({ type: v.string(), default: v.union([v.string(), v.number(), v.boolean()]), scope: v.string(), order: v.number(), markdownDescription: title, minimum: v.optional(v.number()), maximum: v.optional(v.number()) })),
      }),
      colors: v.array(v.object({ id: v.string(), description: title, defaults: v.strictObject({ dark: v.string(), light: v.string(), highContrast: v.string(), highContrastLight: v.string() }) })),
    }),
    capabilities: v.object({ untrustedWorkspaces: v.object({ description: title }), virtualWorkspaces: v.object({ description: title }) }),
  }),
  json('package.json'),
);
const { contributes } = manifest;

describe('package.json and manifest.ts say the same', () => {
  it('about commands', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commands).sort());
  });

  it('so that each command begins with Headlight wherever it is offered', () => {
    // Context menus leave categories out: what stands there has the name in its title instead.
    const inContextMenu = new Set(['editor/context', 'explorer/context'].flatMap((menu) => contributes.menus[menu] ?? []).map(({ command }) => command));
    expect(inContextMenu.size).toBeGreaterThan(0);
    for (const { command, category, title } of contributes.commands) {
      expect(category, command).toBe(inContextMenu.has(command) ? undefined : 'Headlight');
      if (category === undefined) for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) expect(json(file)).toHaveProperty([title.slice(1, -1)], expect.stringMatching(/^Headlight: /));
    }
  });

  it('about commands in menus and keys', () => {
    const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command);
    const known: readonly string[] = Object.values(commands);
    expect(named.filter((command) => !known.includes(command))).toEqual([]);
  });

  it('about settings and their defaults', () => {
    const declared = Object.fromEntries(Object.entries(contributes.configuration.properties).map(([name, property]) => [name, property.default]));
    expect(declared).toEqual(settings);
  });

  it('about theme colours', () => {
    const { partners, ...others } = colors;
    expect(contributes.colors.map(({ id }) => id).sort()).toEqual([...Object.values(others), ...partners, ...surpriseColors.flatMap(({ line, background }) => [line, background])].sort());
  });

  it('about the panel, which alone wakes the extension', () => {
    expect(manifest.activationEvents).toEqual([`onWebviewPanel:${panelType}`]);
  });

  it('about context keys', () => {
    const clauses = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ when }) => when ?? '');
    const conditions = [...clauses, ...contributes.commands.map(({ enablement }) => enablement ?? '')].join(' ');
    const used = [...new Set(conditions.match(/\bheadlight\.\w+/g))].filter((key) => key !== panelType).sort();
    expect(used).toEqual(Object.values(contextKeys).sort());
  });
});

describe('settings', () => {
  it('have an order of their own', () => {
    const orders = Object.values(contributes.configuration.properties).map(({ order }) => order);
    expect(new Set(orders).size).toBe(orders.length);
  });

  it('that are numbers have a range', () => {
    for (const property of Object.values(contributes.configuration.properties)) {
      if (property.type === 'integer') expect(property.minimum).toBeLessThan(property.maximum ?? -Infinity);
    }
  });
});

describe.each(['package.nls.json', 'package.nls.zh-cn.json'])('%s', (file) => {
  it('translates all that package.json names, and nothing else', () => {
    const used = new Set(text('package.json').match(/(?<="%)[\w.]+(?=%")/g));
    expect(Object.keys(v.parse(v.record(v.string(), v.pipe(v.string(), v.nonEmpty())), json(file))).sort()).toEqual([...used].sort());
  });
});

describe('embedded models', () => {
  it('are the folders of models/ that hold a model', () => {
    const folders = readdirSync(new URL('models', root), { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(new URL(`models/${entry.name}/tokenizer.json`, root)));
    expect(folders.map(({ name }) => name).sort()).toEqual(embeddedModels.map(({ name }) => name).sort());
  });

  it.each(embeddedModels)('of which $name is of its kind', ({ name, kind }) => {
    expect(kindOf(json(`models/${name}/config.json`))).toBe(kind);
  });

  it('are all packed', () => {
    expect(embeddedModels.filter(({ name }) => !manifest.files.includes(`models/${name}`))).toEqual([]);
  });

  it('begin with the one of the setting', () => {
    expect(embeddedModels[0]?.name).toBe(settings['headlight.model']);
  });
});
