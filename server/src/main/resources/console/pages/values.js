// The values of a configuration, each with the place where it was written.
import { el, table } from '../dom.js';
import { count } from '../format.js';

const SHOWN = 300;

/** A part of a page with all values, which can be searched. */
export function valuesPart(values, title = 'Values') {
  const input = el('input', { type: 'search', id: 'values-search', autocomplete: 'off', spellcheck: false, placeholder: 'Key, value or file…' });
  const only = el('input', { type: 'checkbox', id: 'values-written' });
  const place = el('div', {});
  const note = el('p', { className: 'hint', role: 'status' });
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = values.filter(one => {
      const text = `${one.key} ${one.value} ${one.origin}`.toLowerCase();
      return words.every(word => text.includes(word)) && (!only.checked || one.origin !== 'default');
    });
    note.textContent = found.length > SHOWN ? `The first ${SHOWN} of ${count(found.length)}; search for less.` : `${count(found.length)} of ${count(values.length)}`;
    place.replaceChildren(table('Values and where they come from', ['Key', 'Value', 'Origin'], found.slice(0, SHOWN).map(one => [
      el('code', { textContent: one.key }),
      el('code', { textContent: typeof one.value === 'string' ? one.value : JSON.stringify(one.value) }),
      el('span', { className: one.origin === 'default' ? 'dim' : '', textContent: one.origin }),
    ]), 'No value is like that.'));
  };
  input.addEventListener('input', show);
  only.addEventListener('change', show);
  show();
  return el('section', { className: 'card' }, el('div', { className: 'bar' }, el('h2', { textContent: title }),
    el('div', { className: 'bar' }, el('div', { className: 'check' }, only, el('label', { for: 'values-written', textContent: 'Only what is written' })),
      el('div', { className: 'field inline' }, el('label', { for: 'values-search', textContent: 'Search' }), input))), note, place);
}

/** Does what replaces such a part, and gives the new one the search of the old one, and its focus. */
export function keepingSearch(place, replace) {
  const ids = ['values-search', 'values-written'];
  const [search, only] = ids.map(id => place.querySelector(`#${id}`));
  const focused = ids.find(id => document.activeElement?.id === id);
  replace();
  if (!search) return;
  const [input, box] = ids.map(id => place.querySelector(`#${id}`));
  input.value = search.value;
  box.checked = only.checked;
  input.dispatchEvent(new Event('input'));
  if (focused) place.querySelector(`#${focused}`).focus();
}
