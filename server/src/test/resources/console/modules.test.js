// The parts of the console that compute, without a page. Run by ConsoleModulesTest in a folder that has the modules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from './archive.js';
import { around, diff } from './diff.js';
import { ago, bytes, clock, count, millis, plain, plural, rate, span } from './format.js';
import { counts, matches, normal, ordered, page, stateOf } from './list.js';
import { Series, shape } from './series.js';

test('sizes have three digits at most and the unit of memory', () => {
  assert.deepEqual([0, 512, 1536, 327155712, 8.3e9, 2 ** 60, -1, null].map(bytes),
    ['0 B', '512 B', '1.5 KiB', '312 MiB', '7.7 GiB', '1048576 TiB', '–', '–']);
});

test('rates tell little from nothing', () => {
  assert.deepEqual([0, 0.01, 0.44, 12.4, 1204.2, undefined].map(rate), ['0', '<0.1', '0.4', '12', '1,204', '–']);
});

test('spans have two units at most', () => {
  assert.deepEqual([0, 850, 4200, 125_000, 3_600_000, 12_000_000, 1_051_200_000, -5].map(span),
    ['0 ms', '850 ms', '4.2 s', '2 min 5 s', '1 h', '3 h 20 min', '12 d 4 h', '–']);
  assert.deepEqual([0.82, 24.4, 1300, null].map(millis), ['0.8 ms', '24 ms', '1.3 s', '–']);
});

test('times are told as people read them', () => {
  const now = Date.parse('2026-11-21T14:03:20Z');
  assert.equal(ago('2026-11-21T14:03:16Z', now), '4.0 s ago');
  assert.equal(ago('2026-11-21T14:03:21Z', now), 'just now');
  assert.equal(ago('never', now), '–');
  assert.match(clock('2026-11-21T14:03:20Z', now), /^\d\d:03:20$/);
  assert.match(clock('2026-11-10T14:03:20Z', now), /^2026-11-1\d \d\d:03:20$/);
  assert.equal(clock('', now), '–');
  assert.equal(plural(1, 'line'), '1 line');
  assert.equal(plural(1200, 'line'), '1,200 lines');
  assert.equal(count(Number.NaN), '–');
  assert.equal(plain('\u001b[32mgreen\u001b[0m'), 'green');
});

const item = (path, state, more = {}) => normal({ path, state, kind: 'command', ...more });

test('a search needs all of its words, wherever they are', () => {
  const one = item('/showcase/2025/raleigh', 'READY', { place: 'iad' });
  assert.ok(matches(one, ' RALEIGH 2025 iad '));
  assert.ok(matches(one, ''));
  assert.ok(!matches(one, 'raleigh 2024'));
});

test('a state that nobody knows is not taken for one that runs', () => {
  assert.equal(stateOf({ state: 'READY' }), 'ready');
  assert.equal(stateOf({ state: '<b>' }), 'stopped');
  assert.equal(stateOf({}), 'stopped');
});

test('rows with the same value stay in the order of their paths, both ways', () => {
  const items = [item('/b', 'READY', { per_second: 1 }), item('/a', 'READY', { per_second: 1 }), item('/c', 'READY', { per_second: 5 })];
  assert.deepEqual(ordered(items, 'per_second', true).map(one => one.path), ['/c', '/a', '/b']);
  assert.deepEqual(ordered(items, 'per_second', false).map(one => one.path), ['/a', '/b', '/c']);
  assert.deepEqual(ordered([item('/x', 'READY'), item('/y', 'FAILED')], 'state', false).map(one => one.path), ['/y', '/x']);
});

test('only one page of many contexts is cut out, and a page too far is the last one', () => {
  const items = Array.from({ length: 10_000 }, (_, at) => item(`/c${String(at).padStart(5, '0')}`, at % 2 ? 'READY' : 'STOPPED'));
  const view = { search: '', state: 'ready', column: 'path', descending: true, page: 999, size: 50 };
  const found = page(items, view);
  assert.equal(found.found, 5000);
  assert.equal(found.pages, 100);
  assert.equal(found.number, 99);
  assert.equal(found.rows.length, 50);
  assert.equal(found.rows.at(-1).path, '/c00001');
  assert.deepEqual(page([], view), { rows: [], found: 0, pages: 1, number: 0 });
  assert.equal(counts(items).stopped, 5000);
});

test('measurements are bounded, have gaps and never go back in time', () => {
  const series = new Series(['a', 'b'], 3);
  [1, 2, 2, 3, 4].forEach(time => series.add(time, { a: time * 10 }));
  assert.deepEqual(series.data(), [[2, 3, 4], [20, 30, 40], [null, null, null]]);
  assert.equal(series.last('a'), 40);
  assert.equal(series.last('b'), null);
  assert.equal(shape([0, null, 10, 5], 30, 12), 'M0.0 11.0M20.0 1.0L30.0 6.0');
  assert.equal(shape([null, 3], 30, 12), '');
});

test('a difference keeps what is the same and leaves out what is far from it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\n';
  const after = 'a\nb\nc\nd\nE\nf\ng\nh\n';
  const signs = diff(before, after).map(change => change.sign + change.text);
  assert.deepEqual(signs, [' a', ' b', ' c', ' d', '-e', '+E', ' f', ' g', '+h']);
  assert.deepEqual(around(diff(before, after), 1).map(change => change.sign + change.text),
    ['…3 lines as before', ' d', '-e', '+E', ' f', ' g', '+h']);
  assert.deepEqual(around(diff('same\n', 'same\n')), []);
  assert.deepEqual(diff('', 'x\n'), [{ sign: '+', text: 'x' }]);
});

test('a difference can be undone: its lines make both texts again', () => {
  let seed = 7;
  const random = most => (seed = (seed * 48271) % 2147483647) % most;
  for (let round = 0; round < 200; round++) {
    const text = () => Array.from({ length: random(12) }, () => `${'abc'[random(3)]}\n`).join('');
    const [before, after] = [text(), text()];
    const changes = diff(before, after);
    const made = sign => changes.filter(change => change.sign !== sign).map(change => `${change.text}\n`).join('');
    assert.equal(made('+'), before);
    assert.equal(made('-'), after);
  }
});

test('the name of an archive tells its path and version', () => {
  assert.deepEqual(['ROOT.war', 'shop.WAR', 'a#b#c.war', 'shop##2.war'].map(placeOf), [
    { path: '/', version: '' }, { path: '/shop', version: '' }, { path: '/a/b/c', version: '' }, { path: '/shop', version: '2' }]);
});
