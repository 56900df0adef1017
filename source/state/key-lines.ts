import {BINDINGS, type Binding, type KeyScheme, keyLabel, keysOf} from './key-table.ts';

/** The keys of a binding as one text: `/ \ F4`. */
export function keysLabel(binding: Binding, scheme: KeyScheme): string {
  return keysOf(binding, scheme).map(keyLabel).join(' ');
}

/** Every binding with its keys as text, as help and README print them. */
export function keyRows(
  scheme: KeyScheme,
): readonly {readonly group: Binding['group']; readonly keys: string; readonly description: string}[] {
  return BINDINGS.map(binding => ({
    group: binding.group,
    keys: keysLabel(binding, scheme),
    description: binding.description,
  }));
}
