/** What the picture of a sweep is made from: things that were switched off, each with a place in a grid. */
import type { Intervention, ModelInfo, SweepMeasure } from '../../src/protocol.ts';

/** A grid of its own for each attention of the model; one for all tokens. */
export interface SweepPanel {
  /** Null where there is but one. */
  readonly title: string | null;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

export interface SweepCell {
  readonly panel: number;
  readonly row: number;
  readonly column: number;
}

export interface SweepItem {
  readonly intervention: Intervention;
  readonly name: string;
  readonly cell: SweepCell;
  /** After − before, in the measure that is shown. */
  readonly value: number;
  /** It is among the experiments. */
  readonly on: boolean;
}

export interface SweepData {
  readonly panels: readonly SweepPanel[];
  /** Those that are known, in the order they were asked for. */
  readonly items: readonly SweepItem[];
  readonly measure: SweepMeasure;
  readonly target: string;
  readonly rival: string | null;
  /** Under the pointer or the keyboard's focus. */
  readonly cell: SweepCell | null;
}

export const sameCell = (a: SweepCell | null, b: SweepCell | null): boolean => a !== null && b !== null && a.panel === b.panel && a.row === b.row && a.column === b.column;

/** Where something that is switched off stands; null for what a sweep never switches off. */
export function cellOf(intervention: Intervention, { attentions }: Pick<ModelInfo, 'attentions'>): SweepCell | null {
  const panelOf = (part: string): number => Math.max(0, attentions.findIndex((attention) => attention.part === part));
  switch (intervention.kind) {
    case 'head':
      return { panel: panelOf(intervention.part), row: intervention.layer, column: intervention.head };
    case 'attention':
      return { panel: panelOf(intervention.part), row: intervention.layer, column: 0 };
    case 'feedForward':
      return { panel: panelOf(intervention.part), row: intervention.layer, column: 1 };
    case 'token':
      return { panel: 0, row: intervention.token, column: 0 };
    case 'neuron':
    case 'link':
    case 'positions':
      return null;
    default:
      return intervention satisfies never;
  }
}

/** The largest change of all, for the scale; never finer than a thousandth. */
export const mostChange = (items: readonly SweepItem[]): number => items.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0.001);

/** Most telling first. */
export const ranked = (items: readonly SweepItem[]): SweepItem[] => [...items].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
