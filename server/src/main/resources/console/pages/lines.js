// Log lines as they are shown everywhere.
import { el } from '../dom.js';
import { clock, plain } from '../format.js';

/** A line as {at, level, source, text}; a plain string is its text. */
export function lineOf(line) {
  return typeof line === 'string' ? { at: '', level: '', source: '', text: line } : line;
}

/** One line; its source is left out where all lines are of that one. */
export function lineNode(line, of = '') {
  const { at, level, source, text } = lineOf(line);
  return el('div', { className: `line ${String(level ?? '').toLowerCase()}` },
    at ? el('time', { dateTime: at, textContent: clock(at) }) : null,
    level ? el('span', { className: 'level', textContent: level }) : null,
    source && source !== of ? el('span', { className: 'source', textContent: source }) : null,
    el('span', { className: 'text', textContent: plain(text) }));
}

/** Some lines in a box that scrolls by keyboard, too. */
export function logLines(lines, label, empty, of = '') {
  if (lines.length === 0) return el('p', { className: 'empty', textContent: empty });
  const box = el('div', { className: 'log', tabIndex: 0, role: 'region', 'aria-label': label }, lines.map(line => lineNode(line, of)));
  requestAnimationFrame(() => { box.scrollTop = box.scrollHeight; });
  return box;
}
