/** The same function, which gives the previous answer again while it is asked with the very same arguments. */
export function memoLast<Arguments extends readonly unknown[], Result>(
  compute: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  let last: {readonly given: Arguments; readonly result: Result} | null = null;
  return (...given) => {
    const isSame = last?.given.every((value, index) => Object.is(value, given[index])) ?? false;
    if (last === null || !isSame) last = {given, result: compute(...given)};
    return last.result;
  };
}
