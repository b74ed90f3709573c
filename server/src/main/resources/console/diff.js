// The difference of two texts by lines. Pure; the longest common run is found by dynamic programming.

const MOST = 4_000_000; // cells of the table; larger texts are shown as "all of it changed"

/** Lines with a sign: ' ' kept, '-' only in the first, '+' only in the second. */
export function diff(before, after) {
  const a = lines(before);
  const b = lines(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return [...kept(a.slice(0, head)), ...middle, ...kept(a.slice(a.length - tail))];
}

/** The same with long runs of kept lines left out: {sign: '…', text: '12 lines'}. */
export function around(changes, context = 3) {
  const near = new Set();
  changes.forEach((change, at) => {
    if (change.sign !== ' ') for (let i = at - context; i <= at + context; i++) near.add(i);
  });
  const result = [];
  let left = 0;
  changes.forEach((change, at) => {
    if (near.has(at)) {
      if (left > 0) result.push({ sign: '…', text: `${left} lines as before` });
      left = 0;
      result.push(change);
    } else left += 1;
  });
  if (left > 0 && result.length > 0) result.push({ sign: '…', text: `${left} lines as before` });
  return result;
}

const lines = text => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
const kept = all => all.map(text => ({ sign: ' ', text }));

function between(a, b) {
  const all = () => [...a.map(text => ({ sign: '-', text })), ...b.map(text => ({ sign: '+', text }))];
  if (a.length * b.length > MOST || a.length === 0 || b.length === 0) return all();
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const result = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      result.push({ sign: ' ', text: a[i] });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
      result.push({ sign: '-', text: a[i++] });
    } else {
      result.push({ sign: '+', text: b[j++] });
    }
  }
  return result;
}
