// The last configurations: what changed between them, and the way back.
import { get, post } from '../api.js';
import { button, el, section, table, toast } from '../dom.js';
import { confirm } from '../dialog.js';
import { around, diff } from '../diff.js';
import { ago, clock } from '../format.js';
import { onReload } from '../live.js';

/** Shows them, newest first. */
export async function historyPage(main) {
  const list = el('div', {});
  const compared = el('div', { 'aria-live': 'polite' });
  main.append(el('p', { className: 'lead', textContent: 'Marina keeps the last ten configurations that were in force.' }), list, compared);
  const show = async () => {
    const all = [...await get('history') ?? []].sort((a, b) => b.number - a.number);
    list.replaceChildren(section('Configurations', table('Configurations', ['Number', 'In force since', 'Cause', 'Changed', 'Actions'], all.map((one, at) => [
      el('span', {}, String(one.number), one.current ? el('span', { className: 'tag', textContent: 'now' }) : null),
      `${clock(one.at)} (${ago(one.at)})`, one.cause ?? '', [one.changed ?? []].flat().join(', ') || '–',
      el('div', { className: 'actions' },
        at + 1 < all.length ? button('What changed', () => compare(compared, all[at + 1].number, one.number), { 'aria-label': `What changed in ${one.number}` }) : null,
        one.current ? null : button('Roll back…', () => rollBack(one, show), { 'aria-label': `Roll back to ${one.number}` })),
    ]), 'Nothing is kept yet. The first reload that changes something begins the history.')));
  };
  await show();
  return onReload(() => show().catch(() => {})); // what is seen stays until the next one
}

async function rollBack(one, show) {
  const done = await confirm({
    title: `Go back to configuration ${one.number}?`,
    text: [`The files of ${clock(one.at)} are written again, and the server reloads. What is in force now stays in the history.`],
    action: 'Roll back',
    act: async () => {
      const answer = await post('rollback', { to: one.number });
      toast(answer.messages, answer.succeeded === false);
    },
  });
  if (done) await show();
}

/** The files of one configuration by name, whatever form they come in. */
function filesOf(answer) {
  if (Array.isArray(answer.files)) return new Map(answer.files.map(one => [one.file ?? one.name, one.text ?? one.yaml ?? '']));
  if (answer.files && typeof answer.files === 'object') return new Map(Object.entries(answer.files));
  return new Map([['configuration', answer.yaml ?? '']]);
}

async function compare(place, before, after) {
  const [old, now] = (await Promise.all([before, after].map(number => get('history/one', { number })))).map(filesOf);
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const parts = names.flatMap(name => {
    const changes = around(diff(old.get(name) ?? '', now.get(name) ?? ''));
    return changes.length === 0 ? [] : [el('h3', {}, el('code', { textContent: name })), picture(name, changes)];
  });
  place.replaceChildren(section(`From ${before} to ${after}`, ...(parts.length > 0 ? parts : [el('p', { className: 'empty', textContent: 'The files are the same.' })])));
  place.scrollIntoView({ block: 'nearest' });
}

const WORDS = { '+': 'added: ', '-': 'removed: ' };
const CLASSES = { '+': 'added', '-': 'removed', ' ': 'kept', '…': 'left-out' };

function picture(name, changes) {
  return el('div', { className: 'code diff', tabIndex: 0, role: 'region', 'aria-label': `Changes of ${name}` }, changes.map(change => el('div', { className: CLASSES[change.sign] },
    el('span', { className: 'sign', 'aria-hidden': 'true', textContent: change.sign }),
    WORDS[change.sign] ? el('span', { className: 'unseen', textContent: WORDS[change.sign] }) : null,
    el('span', { textContent: change.text }))));
}
