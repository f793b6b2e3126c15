/** What stands around the graph of paths: which prediction, from what on a path is drawn, and all of it as tables. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { PathNode } from '../../../src/protocol.ts';
import { showing } from '../../experimentRun.ts';
import { countText, percentText } from '../../graphs/percent.ts';
import { pathNodeName } from '../../graphs/pathSentences.ts';
import { headLabels } from '../../headTokens.ts';
import { decimalText, signedText } from '../../numbers.ts';
import { drawnPaths, leastShare, paths } from '../../pathsAnswers.ts';
import { DataTable } from '../../ui/dataTable.tsx';
import { Slider } from '../../ui/slider.tsx';
import { AimChoice, AimTrouble } from '../aimChoice.tsx';
import { ShowingChoice } from '../showingChoice.tsx';
import { ZoomButtons } from '../zoomButtons.tsx';
import { fittingColumn, isNodeOff } from './pathsPicture.tsx';

/** The slider's steps, in thousandths: fine where paths are many. */
const finest = 2;
const coarsest = 100;

export function PathsToolbar(): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <AimChoice />
      <ShowingChoice />
      <Slider
        label={l10n.t('From')}
        title={l10n.t('Contributions below this share of all direct contributions to the logit are left out.')}
        value={Math.round(leastShare.value * 1000)}
        minimum={finest}
        maximum={coarsest}
        step={1}
        valueText={percentText(leastShare.value)}
        onInput={(thousandths) => (leastShare.value = thousandths / 1000)}
      />
      <ZoomButtons fitting={(room) => fittingColumn(room.clientWidth)} />
    </div>
  );
}

export function PathsTrouble(): JSX.Element | null {
  const now = paths.value;
  if (now.state !== 'failed') return <AimTrouble />;
  return (
    <p class="trouble" role="alert">
      {now.trouble.message} {now.trouble.help}
    </p>
  );
}

export function PathsCaption(): JSX.Element {
  const drawn = drawnPaths.value;
  const sentences = drawn ? captionOf(drawn) : [];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

function captionOf({ answer: { nodes, edges, least, direct, directDrawn, cut }, of }: NonNullable<typeof drawnPaths.value>): string[] {
  const hidden = nodes.reduce((sum, node) => sum + ('rest' in node ? node.rest.hidden : 0), 0);
  return [
    l10n.t('{0} parts and {1} edges add at least {2} each; {3} smaller contributions are hidden. Of what reaches the logit directly, {4} is drawn.', countText(nodes.length - 1), countText(edges.length), decimalText(least, 2), countText(hidden), percentText(direct > 0 ? directDrawn / direct : 0)),
    l10n.t('Heads are traced back through their values, with attention and norms as they were in the run; feed-forward parts are not.'),
    l10n.t('A click switches a part off as an experiment.'),
    cut ? l10n.t('There are too many parts to trace them all: raise the threshold.') : '',
    of === 'after' ? afterSentence() : '',
    nodes.some((node) => 'rest' in node && node.rest.means !== 0) ? l10n.t('Means that stand in place of what is switched off are counted with the part that reads them; the table has them.') : '',
  ];
}

function afterSentence(): string {
  if (showing.value === 'difference') return l10n.t('The paths of two runs go through different parts, so there is no difference of them to draw: these are the paths with the experiments.');
  return l10n.t('These are the paths with the experiments; what is switched off is on none of them.');
}

export function PathsTable(): JSX.Element {
  const answer = drawnPaths.value?.answer;
  const labels = headLabels.value;
  const { nodes = [], edges = [] } = answer ?? {};
  const name = (index: number): string => {
    const node = nodes[index];
    return node ? pathNodeName(node, labels) : '';
  };
  return (
    <>
      <DataTable
        caption={l10n.t('Parts on the paths, and what each adds in all')}
        rows={[...nodes].sort((a, b) => Math.abs(b.value) - Math.abs(a.value))}
        columns={[
          { title: l10n.t('Part'), cell: (node) => pathNodeName(node, labels), heads: true },
          { title: l10n.t('Share'), cell: ({ value }) => signedText(value, 3), value: ({ value }) => value, numeric: true },
          { title: l10n.t('Hidden inputs'), cell: (node) => ('rest' in node ? l10n.t('{0} with {1}', node.rest.hidden, signedText(node.rest.hiddenValue, 3)) : ''), numeric: true },
          { title: l10n.t('Biases'), cell: (node) => ('rest' in node ? signedText(node.rest.biases, 3) : ''), value: (node) => ('rest' in node ? node.rest.biases : null), numeric: true },
          ...(nodes.some((node) => 'rest' in node && node.rest.means !== 0) ? [{ title: l10n.t('Means'), cell: (node: PathNode) => ('rest' in node ? signedText(node.rest.means, 3) : ''), value: (node: PathNode) => ('rest' in node ? node.rest.means : null), numeric: true }] : []),
          { title: l10n.t('Experiment'), cell: (node) => (isNodeOff(node) ? l10n.t('yes') : '') },
        ]}
      />
      <DataTable
        caption={l10n.t('Edges, the strongest first')}
        rows={[...edges].sort((a, b) => Math.abs(b.value) - Math.abs(a.value))}
        columns={[
          { title: l10n.t('Comes from'), cell: ({ from }) => name(from), heads: true },
          { title: l10n.t('Goes to'), cell: ({ to }) => name(to) },
          { title: l10n.t('Share'), cell: ({ value }) => signedText(value, 3), value: ({ value }) => value, numeric: true },
        ]}
      />
    </>
  );
}
