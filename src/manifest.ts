/** Every name that package.json contributes, once; a test compares both ways. */

/** `viewType` of the panel, in package.json's activation event and `when` clauses. */
export const panelType = 'headlight.panel';

/** `viewType` of the editor of probe files. */
export const probeEditorType = 'headlight.probe';

export const commands = {
  showAttention: 'headlight.showAttention',
  showAttentionInNewPanel: 'headlight.showAttentionInNewPanel',
  followSelection: 'headlight.followSelection',
  stopFollowing: 'headlight.stopFollowing',
  refresh: 'headlight.refresh',
  revealText: 'headlight.revealText',
  selectModel: 'headlight.selectModel',
  openModelFolder: 'headlight.openModelFolder',
  openThisModel: 'headlight.openThisModel',
  downloadModel: 'headlight.downloadModel',
  removeModel: 'headlight.removeModel',
  removeToken: 'headlight.removeToken',
  toggleSurprise: 'headlight.toggleSurprise',
  nextWord: 'headlight.nextWord',
  comparePhrasings: 'headlight.comparePhrasings',
  replaceToken: 'headlight.replaceToken',
  saveProbe: 'headlight.saveProbe',
  welcome: 'headlight.welcome',
  openCourse: 'headlight.openCourse',
  openLesson: 'headlight.openLesson',
  nextStep: 'headlight.nextStep',
  previousStep: 'headlight.previousStep',
  returnToStep: 'headlight.returnToStep',
  resetLesson: 'headlight.resetLesson',
  exportProgress: 'headlight.exportProgress',
  showLog: 'headlight.showLog',
} as const;

export type Command = (typeof commands)[keyof typeof commands];

/** Settings with the defaults that package.json declares. */
export const settings = {
  'headlight.model': 'storyteller',
  'headlight.threads': 0,
  'headlight.precision': 'auto',
  'headlight.follow.delay': 80,
  'headlight.surprise.model': '',
  'headlight.surprise.style': 'underline',
  'headlight.ghostText.enabled': false,
  'headlight.hub.endpoint': 'https://huggingface.co',
} as const;

/** How weights are held: as they fit, or as it was chosen. */
export type PrecisionSetting = 'auto' | 'float32' | '8-bit';

/** Context keys that `when` clauses of package.json read. */
export const contextKeys = {
  /** A panel is open. */
  panelOpen: 'headlight.panelOpen',
  /** The panel that commands act on follows the selection. */
  following: 'headlight.following',
} as const;

/** Theme colours of the marks in the editor. */
export const colors = {
  focusedTokenBackground: 'headlight.focusedTokenBackground',
  focusedTokenBorder: 'headlight.focusedTokenBorder',
  partnerBorder: 'headlight.partnerBorder',
  /** Weakest to strongest. */
  partners: ['headlight.partner1Background', 'headlight.partner2Background', 'headlight.partner3Background', 'headlight.partner4Background'],
} as const;

/** Theme colours of surprise, the least surprising first: of a line under the text, or of its background. */
export const surpriseColors = [
  { line: 'headlight.surprise1Line', background: 'headlight.surprise1Background' },
  { line: 'headlight.surprise2Line', background: 'headlight.surprise2Background' },
  { line: 'headlight.surprise3Line', background: 'headlight.surprise3Background' },
  { line: 'headlight.surprise4Line', background: 'headlight.surprise4Background' },
] as const;
