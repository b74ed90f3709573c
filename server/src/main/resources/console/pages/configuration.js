// The configuration as it counts: each value with its origin, what the last reload said, the whole of it as YAML.
import { get, post } from '../api.js';
import { button, el, toast } from '../dom.js';
import { clock } from '../format.js';
import { live, onReload } from '../live.js';
import { keepingSearch, valuesPart } from './values.js';

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
    keepingSearch(place, () => place.replaceChildren(
      problemsPart(all.problems ?? []), valuesPart(all.values ?? []), filesPart(all.files ?? []), yamlPart(all.yaml ?? '')));
  };
  await show();
  return onReload(() => show().catch(() => {})); // what is seen stays until the next one
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

function filesPart(files) {
  return el('section', { className: 'card' }, el('h2', { textContent: 'Files' }),
    el('ul', { className: 'plain' }, files.map(file => el('li', {}, el('code', { textContent: typeof file === 'string' ? file : file.file ?? file.path })))));
}

function yamlPart(yaml) {
  return el('section', { className: 'card' }, el('details', {}, el('summary', {}, el('h2', { textContent: 'Effective configuration as YAML' })),
    el('pre', { className: 'code', tabIndex: 0, role: 'region', 'aria-label': 'Effective configuration', textContent: yaml })));
}
