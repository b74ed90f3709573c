// Making elements. Data always goes through textContent or a property of the element: there is no innerHTML in this console.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with properties and children; text may be a string. Names with a dash, `role` and `for` are attributes. */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key === 'dataset') Object.assign(made.dataset, value);
    else if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (key.includes('-') || key === 'role' || key === 'for' || key === 'list' || key === 'scope') made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

/** An SVG element; all properties are attributes. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The element with this id. */
export const byId = id => document.getElementById(id);

/** Sets a text only when it differs, so that nothing is laid out and nothing is read aloud for no reason. */
export function write(node, text) {
  const value = String(text);
  if (node.textContent !== value) node.textContent = value;
}

/** A button. */
export function button(label, onclick, properties = {}) {
  return el('button', { type: 'button', textContent: label, onclick, ...properties });
}

/** The mark of a state: a shape and the word, so that no colour is needed to tell them apart. `word` is another one for the same look. */
export function badge(state, word = state) {
  return el('span', { className: `badge ${state}` }, el('span', { className: 'mark', 'aria-hidden': 'true' }), el('span', { textContent: word }));
}

/** A list of names and values. */
export function facts(pairs) {
  const list = el('dl', { className: 'facts' });
  for (const [name, value] of pairs) {
    if (value === undefined || value === null || value === '') continue;
    list.append(el('div', {}, el('dt', { textContent: name }), el('dd', {}, value instanceof Node ? value : String(value))));
  }
  return list;
}

/** A table with a caption for screen readers; rows are lists of strings or nodes, the first one heads its row. */
export function table(caption, heads, rows, empty) {
  if (rows.length === 0) return el('p', { className: 'empty', textContent: empty });
  const head = el('tr', {}, heads.map(text => el('th', { scope: 'col', textContent: text })));
  const body = rows.map(cells => el('tr', {}, cells.map((cell, at) => el(at === 0 ? 'th' : 'td', {
    ...(at === 0 ? { scope: 'row' } : {}), 'data-label': heads[at],
  }, cell instanceof Node ? cell : String(cell ?? '')))));
  return el('div', { className: 'scroller', tabIndex: 0, role: 'region', 'aria-label': caption },
    el('table', { className: 'grid' },
      el('caption', { className: 'unseen', textContent: caption }), el('thead', {}, head), el('tbody', {}, body)));
}

/** A part of a page under a heading. */
export function section(title, ...children) {
  return el('section', { className: 'card' }, el('h2', { textContent: title }), ...children);
}

/** The address of the page of a context. */
export const contextLink = path => `#/context?path=${encodeURIComponent(path)}`;

/** Says something to those who cannot see it change. */
export function announce(text) {
  byId('announcements').textContent = text;
}

let fade = 0;

/** Shows for a while what an action led to; failures stay until they are closed. */
export function toast(messages, failed = false) {
  const lines = [messages].flat().filter(Boolean);
  const box = byId('toast');
  clearTimeout(fade);
  box.replaceChildren(
    el('div', { className: failed ? 'toast failed' : 'toast', role: failed ? 'alert' : 'status' },
      el('div', {}, lines.map(line => el('p', { textContent: line }))),
      button('Close', () => box.replaceChildren(), { className: 'quiet' })));
  if (!failed) fade = setTimeout(() => box.replaceChildren(), 8000);
}
