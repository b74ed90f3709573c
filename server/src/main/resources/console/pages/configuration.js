// The configuration as it counts: each value with its origin, what the last reload said, the whole of it as YAML.
import { get, post } from '../api.js';
import { button, el, table, toast } from '../dom.js';
import { count } from '../format.js';
import { live } from '../live.js';
import { clock } from '../format.js';

const SHOWN = 300;

/** Shows it. */
export async function configurationPage(main) {
  const place = el('div', { className: 'stack' });
  const reload = button('Reload', async () => {
    if (reload.getAttribute('aria-busy') === 'true') return;
    reload.setAttribute('aria-busy', 'true');
    try {
      const answer = await post('reload');
      toast([...answer.messages, ...(answer.changed ?? []).map(path => `changed: ${path}`)], answer.succeeded === false);
    } catch (failure) {
      if (failure.status !== 401) toast(failure.messages, true);
    }
    reload.removeAttribute('aria-busy');
    await show();
  }, { className: 'primary' });
  main.append(el('div', { className: 'bar' },
    el('p', { className: 'lead', textContent: 'What counts at this moment. Secrets are masked.' }),
    el('div', { className: 'actions' }, el('a', { className: 'as-button', href: '#/history', textContent: 'History' }), reload)), place);
  const show = async () => {
    const all = await get('configuration');
    place.replaceChildren(problemsPart(all.problems ?? []), valuesPart(all.values ?? []), filesPart(all.files ?? []), yamlPart(all.yaml ?? ''));
  };
  await show();
}

function problemsPart(problems) {
  const last = live.status?.last_reload;
  const when = last?.at ? ` (${clock(last.at)})` : '';
  return el('section', { className: 'card', 'aria-label': 'Problems of the last reload' },
    el('h2', { textContent: `Last reload${when}` }),
    problems.length === 0
      ? el('p', { className: 'done', textContent: 'No problems.' })
      : el('ul', { className: 'problems' }, problems.map(line => el('li', {}, el('code', { textContent: line })))));
}

function valuesPart(values) {
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
  return el('section', { className: 'card' }, el('div', { className: 'bar' }, el('h2', { textContent: 'Values' }),
    el('div', { className: 'bar' }, el('div', { className: 'check' }, only, el('label', { for: 'values-written', textContent: 'Only what is written' })),
      el('div', { className: 'field inline' }, el('label', { for: 'values-search', textContent: 'Search' }), input))), note, place);
}

function filesPart(files) {
  return el('section', { className: 'card' }, el('h2', { textContent: 'Files' }),
    el('ul', { className: 'plain' }, files.map(file => el('li', {}, el('code', { textContent: typeof file === 'string' ? file : file.file ?? file.path })))));
}

function yamlPart(yaml) {
  return el('section', { className: 'card' }, el('details', {}, el('summary', {}, el('h2', { textContent: 'Effective configuration as YAML' })),
    el('pre', { className: 'code', tabIndex: 0, role: 'region', 'aria-label': 'Effective configuration', textContent: yaml })));
}
