/** The same function, which remembers its answer for as long as what it was asked about is there: an object, told by its identity. */
export function remembered<Asked extends WeakKey, Answer extends {}>(
  compute: (asked: Asked) => Answer,
): (asked: Asked) => Answer {
  const answers = new WeakMap<Asked, Answer>();
  return asked => {
    const known = answers.get(asked);
    if (known !== undefined) return known;
    const answer = compute(asked);
    answers.set(asked, answer);
    return answer;
  };
}
