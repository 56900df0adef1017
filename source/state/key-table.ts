import {VIEWS} from '../model/views.ts';
import type {Intent} from './action.ts';
import {whyNoTags, whyNotInLoad, whyNotSignal, whyOnlyProcesses, whyReadOnly} from './ask-signal.ts';
import type {Mode} from './mode.ts';
import type {State} from './state.ts';

/** Which keys do what: htop's, or those of vi. */
export type KeyScheme = 'default' | 'vim';

/** Where a binding works: in the table and tree, while a session is inspected, in help, in the action log. */
export type KeyContext = 'browse' | 'inspect' | 'help' | 'action-log';

/** One thing a key does. Keys are named `a`, `A`, `up`, `f9`, `ctrl+c`, `space`. */
export type Binding = {
  readonly keys: readonly string[];
  /** The keys of the vim scheme, where they differ. */
  readonly vimKeys?: readonly string[];
  readonly contexts: readonly KeyContext[];
  readonly intent: Intent;
  readonly group: 'Move' | 'Views' | 'Act' | 'Show' | 'Find' | 'Program';
  /** How help and README print the keys, where joining them would not read well. */
  readonly label?: string;
  readonly description: string;
  /** The word on the function bar; none for keys that stand in help only. */
  readonly bar?: string;
  /** Why the key does nothing now, as a sentence; null when it works. */
  readonly whyNot?: (state: State) => string | null;
};

const EVERYWHERE: readonly KeyContext[] = ['browse', 'inspect', 'help', 'action-log'];
const BROWSE: readonly KeyContext[] = ['browse'];
const SESSION: readonly KeyContext[] = ['browse', 'inspect'];

/** Every key, in the order in which help prints them. Help, function bar and README are made from this table. */
export const BINDINGS: readonly Binding[] = [
  {
    keys: ['up'],
    vimKeys: ['up', 'k'],
    contexts: EVERYWHERE,
    intent: {type: 'cursor-moved', step: 'up'},
    group: 'Move',
    description: 'one up; the cursor follows its session, not the row',
  },
  {
    keys: ['down'],
    vimKeys: ['down', 'j'],
    contexts: EVERYWHERE,
    intent: {type: 'cursor-moved', step: 'down'},
    group: 'Move',
    description: 'one down',
  },
  {
    keys: ['pageup', 'ctrl+b'],
    contexts: EVERYWHERE,
    intent: {type: 'cursor-moved', step: 'page-up'},
    group: 'Move',
    description: 'a page up',
  },
  {
    keys: ['pagedown', 'ctrl+f'],
    contexts: EVERYWHERE,
    intent: {type: 'cursor-moved', step: 'page-down'},
    group: 'Move',
    description: 'a page down',
  },
  {
    keys: ['home', 'g'],
    contexts: EVERYWHERE,
    intent: {type: 'cursor-moved', step: 'first'},
    group: 'Move',
    description: 'to the first row',
  },
  {
    keys: ['end', 'G'],
    contexts: EVERYWHERE,
    intent: {type: 'cursor-moved', step: 'last'},
    group: 'Move',
    description: 'to the last row',
  },
  {
    keys: ['left'],
    vimKeys: ['left', 'h'],
    contexts: BROWSE,
    intent: {type: 'query-scrolled', direction: 'left'},
    group: 'Move',
    description: 'scroll the query column back',
  },
  {
    keys: ['right'],
    vimKeys: ['right', 'l'],
    contexts: BROWSE,
    intent: {type: 'query-scrolled', direction: 'right'},
    group: 'Move',
    description: 'scroll the query column',
  },
  {
    keys: ['tab', 'shift+tab'],
    contexts: BROWSE,
    intent: {type: 'panel-changed'},
    group: 'Move',
    description: 'between the table and the lock-wait tree',
  },
  ...VIEWS.map(view => ({
    keys: [view.key],
    contexts: BROWSE,
    intent: {type: 'view-chosen', view: view.name} as const,
    group: 'Views' as const,
    description: `view ${view.title}: ${view.description}`,
  })),
  {
    keys: ['6'],
    contexts: BROWSE,
    intent: {type: 'load-opened'},
    group: 'Views',
    description:
      'load: queries, users, applications and wait events by their share of the last five minutes; Enter shows the sessions',
  },
  {
    keys: ['7'],
    contexts: BROWSE,
    intent: {type: 'groups-opened'},
    group: 'Views',
    description:
      'groups by user, database, application, client, state, query id (again, ← →); Enter shows its sessions, c and k ask about all of them',
  },
  {
    keys: ['t', 'f5'],
    contexts: BROWSE,
    intent: {type: 'tree-toggled'},
    group: 'Views',
    description: 'lock-wait tree; it opens by itself when a session starts to wait',
    bar: 'Tree',
  },
  {
    keys: ['i'],
    contexts: BROWSE,
    intent: {type: 'idle-toggled'},
    group: 'Views',
    description: 'show or hide idle sessions',
    whyNot: whyNotInLoad,
  },
  {
    keys: ['enter'],
    contexts: BROWSE,
    intent: {type: 'inspect-opened'},
    group: 'Act',
    description: 'inspect the session: whole query, locks, blockers, waiters',
    bar: 'Inspect',
    whyNot: whyOnlyProcesses,
  },
  {
    keys: ['c', 'C'],
    contexts: SESSION,
    intent: {type: 'signal-asked', action: 'cancel'},
    group: 'Act',
    description: 'cancel its query, or those of the tagged (pg_cancel_backend); asks first',
    bar: 'Cancel',
    whyNot: state => whyNotSignal(state, 'cancel'),
  },
  {
    keys: ['k', 'K'],
    vimKeys: ['K'],
    contexts: SESSION,
    intent: {type: 'signal-asked', action: 'terminate'},
    group: 'Act',
    description: 'terminate it, or the tagged (pg_terminate_backend); asks first',
    bar: 'Kill',
    whyNot: state => whyNotSignal(state, 'terminate'),
  },
  {
    keys: ['f9'],
    contexts: SESSION,
    intent: {type: 'menu-opened', menu: 'signal'},
    group: 'Act',
    description: 'menu: cancel, terminate, terminate root blockers, cancel everything behind this',
    whyNot: whyReadOnly,
  },
  {
    keys: ['space'],
    contexts: BROWSE,
    intent: {type: 'tags-changed', by: 'session'},
    group: 'Act',
    description: 'tag the session, or untag it; c, k and F9 are about the tagged ones then',
    whyNot: whyNoTags,
  },
  {
    keys: ['U'],
    contexts: BROWSE,
    intent: {type: 'tags-changed', by: 'none'},
    group: 'Act',
    description: 'untag all',
  },
  {
    keys: ['A'],
    contexts: BROWSE,
    intent: {type: 'tags-changed', by: 'shown'},
    group: 'Act',
    description: 'tag all that the table shows',
    whyNot: whyNoTags,
  },
  {
    keys: ['b'],
    contexts: BROWSE,
    intent: {type: 'tags-changed', by: 'branch'},
    group: 'Act',
    description: 'tag the session and everything that waits behind it',
    whyNot: whyNoTags,
  },
  {
    keys: ['@'],
    contexts: SESSION,
    intent: {type: 'action-log-opened'},
    group: 'Act',
    description: 'action log: what was signalled, when, with which outcome',
  },
  {
    keys: ['y'],
    contexts: SESSION,
    intent: {type: 'query-copied'},
    group: 'Act',
    description: 'copy the query to the clipboard (OSC 52)',
    whyNot: whyOnlyProcesses,
  },
  {
    keys: ['Y'],
    contexts: SESSION,
    intent: {type: 'terminate-statement-copied'},
    group: 'Act',
    description: 'copy a SELECT pg_terminate_backend(…) for it',
    whyNot: whyOnlyProcesses,
  },
  {
    keys: ['/', '\\', 'f4'],
    contexts: BROWSE,
    intent: {type: 'filter-opened'},
    group: 'Find',
    description: 'filter: hides the rows it does not hold for',
    bar: 'Filter',
  },
  {
    keys: ['f3'],
    contexts: BROWSE,
    intent: {type: 'search-opened'},
    group: 'Find',
    description: 'search: moves the cursor, hides nothing',
  },
  {
    keys: ['n'],
    contexts: BROWSE,
    intent: {type: 'search-repeated', direction: 'next'},
    group: 'Find',
    description: 'next match',
  },
  {
    keys: ['N'],
    contexts: BROWSE,
    intent: {type: 'search-repeated', direction: 'previous'},
    group: 'Find',
    description: 'previous match',
  },
  {
    keys: ['u'],
    contexts: BROWSE,
    intent: {type: 'menu-opened', menu: 'user'},
    group: 'Find',
    description: 'only one user',
  },
  {
    keys: ['D'],
    contexts: BROWSE,
    intent: {type: 'menu-opened', menu: 'database'},
    group: 'Find',
    description:
      'only one database; F2 in the list measures their sizes, once more their growth, Esc stops it',
  },
  {
    keys: ['f6'],
    contexts: BROWSE,
    intent: {type: 'menu-opened', menu: 'sort'},
    group: 'Show',
    description: 'choose the column to sort by',
    bar: 'Sort',
    whyNot: whyNotInLoad,
  },
  {
    keys: ['<'],
    contexts: BROWSE,
    intent: {type: 'sort-moved', direction: 'previous'},
    group: 'Show',
    description: 'sort by the column to the left',
    whyNot: whyNotInLoad,
  },
  {
    keys: ['>'],
    contexts: BROWSE,
    intent: {type: 'sort-moved', direction: 'next'},
    group: 'Show',
    description: 'sort by the column to the right',
    whyNot: whyNotInLoad,
  },
  {
    keys: ['I'],
    contexts: BROWSE,
    intent: {type: 'sort-reversed'},
    group: 'Show',
    description: 'reverse the order',
    whyNot: whyNotInLoad,
  },
  {
    keys: ['d'],
    contexts: BROWSE,
    intent: {type: 'duration-cycled'},
    group: 'Show',
    description: 'TIME is the age of query, transaction, state or session',
    whyNot: whyNotInLoad,
  },
  {
    keys: ['w'],
    contexts: BROWSE,
    intent: {type: 'wrap-toggled'},
    group: 'Show',
    description: 'wrap the query column over several lines',
    whyNot: whyNotInLoad,
  },
  {
    keys: ['v'],
    contexts: BROWSE,
    intent: {type: 'layout-cycled'},
    group: 'Show',
    description: 'layout: narrow, normal, wide',
    whyNot: whyNotInLoad,
  },
  {
    keys: ['#'],
    contexts: BROWSE,
    intent: {type: 'header-cycled'},
    group: 'Show',
    description: 'header: full, compact, off',
  },
  {
    keys: ['l'],
    vimKeys: ['L'],
    contexts: BROWSE,
    intent: {type: 'load-cycled'},
    group: 'Show',
    description: 'load: what active sessions waited for in the last minutes; low, high, off',
  },
  {
    keys: ['$'],
    contexts: BROWSE,
    intent: {type: 'cost-toggled'},
    group: 'Show',
    description: 'what pgtop itself costs: refresh, server, line, CPU, memory',
  },
  {
    keys: ['p', 'Z'],
    contexts: SESSION,
    intent: {type: 'pause-toggled'},
    group: 'Show',
    description: 'pause: the data stand still, the clock of their age does not',
    bar: 'Pause',
  },
  {
    keys: ['+'],
    contexts: BROWSE,
    intent: {type: 'interval-changed', direction: 'slower'},
    group: 'Show',
    label: '+',
    description: 'refresh less often; in the tree: unfold',
  },
  {
    keys: ['-'],
    contexts: BROWSE,
    intent: {type: 'interval-changed', direction: 'faster'},
    group: 'Show',
    label: '-',
    description: 'refresh more often; in the tree: fold',
  },
  {
    keys: ['z'],
    contexts: BROWSE,
    intent: {type: 'interval-opened'},
    group: 'Show',
    description: 'type the refresh interval',
  },
  {
    keys: ['R', 'ctrl+r'],
    contexts: SESSION,
    intent: {type: 'refresh-asked'},
    group: 'Program',
    description: 'refresh now',
  },
  {
    keys: ['ctrl+l'],
    contexts: EVERYWHERE,
    intent: {type: 'redraw-asked'},
    group: 'Program',
    description: 'draw the screen anew',
  },
  {
    keys: ['f1', '?'],
    contexts: SESSION,
    intent: {type: 'help-opened'},
    group: 'Program',
    description: 'this help',
    bar: 'Help',
  },
  {
    keys: ['ctrl+z'],
    contexts: EVERYWHERE,
    intent: {type: 'suspend-asked'},
    group: 'Program',
    description: 'back to the shell; fg returns',
  },
  {
    keys: ['escape'],
    contexts: EVERYWHERE,
    intent: {type: 'back'},
    group: 'Program',
    description: 'back, close, clear the filter',
  },
  {
    keys: ['q'],
    contexts: EVERYWHERE,
    intent: {type: 'left'},
    group: 'Program',
    description: 'back; at the top quit',
    bar: 'Quit',
  },
  {
    keys: ['f10', 'ctrl+c'],
    contexts: EVERYWHERE,
    intent: {type: 'quit'},
    group: 'Program',
    description: 'quit',
  },
];

/** vi's other half: k terminates in the default scheme, so j moves nothing there and says so. */
const TRAP: Binding = {
  keys: ['j'],
  vimKeys: [],
  contexts: BROWSE,
  intent: {type: 'scheme-explained'},
  group: 'Move',
  description: '',
};

/** The keys of a binding under a scheme. */
export function keysOf(binding: Binding, scheme: KeyScheme): readonly string[] {
  return scheme === 'vim' ? (binding.vimKeys ?? binding.keys) : binding.keys;
}

/** The binding that a key has in a mode; undefined for a key without one, and in prompts, menus and dialogs, which read keys themselves. */
export function bindingFor(mode: Mode, key: string, scheme: KeyScheme): Binding | undefined {
  return [...BINDINGS, TRAP].find(
    binding =>
      binding.contexts.some(context => context === mode.type) && keysOf(binding, scheme).includes(key),
  );
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  left: '←',
  right: '→',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'shift+tab': 'S-Tab',
  space: 'Space',
};

/** A key as people read it: `f9` is `F9`, `ctrl+l` is `Ctrl-L`. */
export function keyLabel(key: string): string {
  const control = /^ctrl\+(.)$/.exec(key)?.[1];
  if (control !== undefined) return `Ctrl-${control.toUpperCase()}`;
  return KEY_NAMES[key] ?? (/^f\d+$/.test(key) ? key.toUpperCase() : key);
}
