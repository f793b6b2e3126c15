/** Settings of a view as the page calls them. */
import * as l10n from '@vscode/l10n';

export function settingWords(key: string): string {
  switch (key) {
    case 'picture':
      return l10n.t('Picture');
    case 'part':
      return l10n.t('Attention of');
    case 'layer':
      return l10n.t('Layer');
    case 'heads':
      return l10n.t('Heads');
    case 'average':
      return l10n.t('Heads averaged');
    case 'percent':
      return l10n.t('Share of links shown');
    case 'sink':
      return l10n.t('First token');
    case 'unit':
      return l10n.t('Tokens or words');
    case 'direction':
      return l10n.t('Direction');
    case 'gridSort':
      return l10n.t('Order of heads');
    case 'headFilter':
      return l10n.t('Filter heads by their scores');
    case 'repeatedTokens':
      return l10n.t('Repeated tokens');
    case 'candidates':
      return l10n.t('Bars of tokens or words');
    case 'showing':
      return l10n.t('Before or after');
    case 'sweepOver':
      return l10n.t('What is switched off, one after another');
    case 'sweepBy':
      return l10n.t('What stands in its place');
    case 'sweepMeasure':
      return l10n.t('What is measured');
    case 'otherText':
      return l10n.t('The other text');
    case 'patchOver':
      return l10n.t('What is put into the other text');
    case 'temperature':
      return l10n.t('Temperature');
    case 'topK':
      return l10n.t('Top-k');
    case 'topP':
      return l10n.t('Top-p');
    case 'minP':
      return l10n.t('Min-p');
    default:
      return key;
  }
}
