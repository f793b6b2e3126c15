/** Which heads are shown, each in its hue; all of them, one, any subset, or their average. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { AttentionInfo } from '../../src/protocol.ts';
import { groupText, keyGroups, type KeyGroup } from '../graphs/keyGroups.ts';
import { headColour } from '../palette.ts';
import { setView, theme, view } from '../store.ts';
import { Checkbox } from '../ui/toolkit.tsx';
import { shownHeads, toggleHead } from '../viewState.ts';

export function HeadPicker({ of }: { readonly of: AttentionInfo }): JSX.Element {
  const { heads } = of;
  const groups = keyGroups(of);
  const { average, heads: chosen } = view.value;
  const shown = shownHeads(view.value, heads);
  return (
    <span class="group heads" role="group" aria-label={l10n.t('Heads')}>
      <span class="caption">{l10n.t('Heads')}</span>
      <button
        type="button"
        class="toggle"
        aria-pressed={chosen.length === 0}
        title={l10n.t('Show all heads. Step through single heads with [ and ].')}
        onClick={() => setView({ heads: [] })}
      >
        {l10n.t('All')}
      </button>
      <span class={groups.length > 0 ? 'hues grouped' : 'hues'}>
        {(groups.length > 0 ? groups : [{ keyHead: null, first: 0, last: heads - 1 }]).map((group) => (
          <Heads key={group.keyHead} group={group} shown={shown} heads={heads} />
        ))}
      </span>
      <Checkbox checked={average} title={l10n.t('Average the chosen heads into one pattern.')} onChange={(checked) => setView({ average: checked })}>
        {l10n.t('Average')}
      </Checkbox>
    </span>
  );
}

interface HeadsProps {
  /** Heads side by side; of those that share a key head, which one that is. */
  readonly group: Omit<KeyGroup, 'keyHead'> & { readonly keyHead: number | null };
  readonly shown: readonly number[];
  readonly heads: number;
}

function Heads({ group, shown, heads }: HeadsProps): JSX.Element {
  const { average } = view.value;
  const { keyHead, first, last } = group;
  const shared = keyHead === null ? null : groupText({ keyHead, first, last });
  return (
    <span class="hue-group" {...(shared === null ? {} : { role: 'group', 'aria-label': shared })}>
      {Array.from({ length: last - first + 1 }, (_, at) => first + at).map((head) => (
        <button
          key={head}
          type="button"
          class="toggle head"
          aria-pressed={shown.includes(head)}
          aria-label={l10n.t('Head {0}', head)}
          title={[headTitle(head, shown, heads), ...(shared === null ? [] : [shared])].join('\n')}
          style={{ '--hue': average ? theme.value.accent : headColour(theme.value, head) }}
          onClick={(event) => setView({ heads: event.altKey ? [head] : toggleHead(view.value, head, heads) })}
        >
          {head}
        </button>
      ))}
    </span>
  );
}

/** Says what a click does; Alt and click always leaves only this head. */
function headTitle(head: number, shown: readonly number[], total: number): string {
  if (shown.length === total) return l10n.t('Show only head {0}.', head);
  if (!shown.includes(head)) return l10n.t('Add head {0}. With Alt: show only head {0}.', head);
  if (shown.length === 1) return l10n.t('Show all heads again.');
  return l10n.t('Leave out head {0}. With Alt: show only head {0}.', head);
}
