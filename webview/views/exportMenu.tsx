/** The button that exports a part of the page: as a picture, as numbers, or all of it as a probe. */
import type { JSX, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { announce } from '../announce.ts';
import { post } from '../bridge.ts';
import { aboutOf, captionOf, type Exported } from '../exports/caption.ts';
import { pictureOf, pngOf } from '../exports/picture.ts';
import { csvFile, jsonFile, markdownTables } from '../exports/tableFiles.ts';
import type { Drawing } from '../graphs/drawing.ts';
import { svgDocument } from '../graphs/svg.ts';
import { ended } from '../ended.ts';
import { probe } from '../probe.ts';
import { shown } from '../store.ts';
import { tablesIn } from '../ui/dataTable.tsx';
import { Icon } from '../ui/icons.tsx';
import { openMenuBelow, type MenuItem } from '../ui/menu.tsx';
import { Button } from '../ui/toolkit.tsx';

export interface ExportMenuProps {
  readonly of: Exported;
  readonly label: string;
  /** What is drawn is in it, and what the page says of it unless that is given. */
  readonly part: RefObject<HTMLElement>;
  readonly table: () => JSX.Element;
  readonly said?: () => string;
  /** What else the part was made with, for programs. */
  readonly facts?: () => Readonly<Record<string, unknown>>;
  /** Column of shares, for what the page does not draw on a canvas. */
  readonly bars?: number;
}

export function ExportMenu(props: ExportMenuProps): JSX.Element {
  const button = useRef<HTMLSpanElement>(null);
  const open = (): void => {
    if (button.current) openMenuBelow(l10n.t('Export'), itemsOf(props), button.current);
  };
  return (
    <span class="export-menu" ref={button}>
      <Button appearance="icon" label={l10n.t('Export…')} disabled={ended.value === null} onClick={open}>
        <Icon name="export" />
      </Button>
    </span>
  );
}

function itemsOf({ of, label, part, table, said = () => sentencesIn(part), facts = () => ({}), bars }: ExportMenuProps): MenuItem[] {
  const element = part.current;
  if (!element) return [];
  const caption = captionOf(of, label, said());
  const name = fileName(`${shown.value?.info.model.name ?? ''} ${label}`);
  const drawing = (): Drawing => pictureOf(element, tablesIn(table()), caption, bars ?? null);
  const png = async (): Promise<void> => {
    const content = await pngOf(drawing());
    if (content) post({ type: 'export', name, format: 'png', content });
    else announce(l10n.t('There is no room for so large a picture; export it as SVG.'));
  };
  return [
    { label: l10n.t('Picture as SVG…'), title: l10n.t('Text stays text.'), onChoose: () => post({ type: 'export', name, format: 'svg', content: svgDocument(drawing()) }) },
    { label: l10n.t('Picture as PNG…'), onChoose: () => void png() },
    { label: l10n.t('Numbers as CSV…'), onChoose: () => post({ type: 'export', name, format: 'csv', content: csvFile(tablesIn(table()), caption) }) },
    { label: l10n.t('Numbers as JSON…'), onChoose: () => post({ type: 'export', name, format: 'json', content: jsonFile(tablesIn(table()), { ...aboutOf(of, caption), ...facts() }) }) },
    { label: l10n.t('Copy as Markdown Table'), onChoose: () => post({ type: 'copy', text: markdownTables(tablesIn(table()), caption) }) },
    { label: l10n.t('Whole Trace as Safetensors…'), title: l10n.t('Every hook point of the run without experiments, under its TransformerLens name.'), onChoose: () => post({ type: 'export', name: fileName(shown.value?.info.model.name ?? ''), format: 'safetensors' }) },
    ...(probe.value ? [] : [{ label: l10n.t('Save as Probe…'), title: l10n.t('Text, experiments and view as a file that can be run again.'), onChoose: () => post({ type: 'probe', action: 'save' }) }]),
  ];
}

/** What the page says below a picture. */
const sentencesIn = (part: RefObject<HTMLElement>): string => part.current?.querySelector('.picture-caption')?.textContent.trim() ?? '';

/** A model's name may hold a slash, a picture's anything. */
function fileName(name: string): string {
  return name.replace(/[/\\:*?"<>|\p{Cc}]+/gu, '-').trim().slice(0, 80) || 'headlight';
}
