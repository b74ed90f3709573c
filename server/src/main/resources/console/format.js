// How values are written for people. Pure functions: no page, no clock but the one that is passed.

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const NOTHING = '–';

const isNumber = value => typeof value === 'number' && Number.isFinite(value);

/** A size: 512 B, 1.5 KiB, 312 MiB. */
export function bytes(value) {
  if (!isNumber(value) || value < 0) return NOTHING;
  let amount = value;
  let unit = 0;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${unit > 0 && amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}

/** Requests per second: 0, 0.4, 12, 1,204. */
export function rate(value) {
  if (!isNumber(value)) return NOTHING;
  if (value === 0) return '0';
  if (value < 0.05) return '<0.1';
  return value < 9.95 ? value.toFixed(1) : count(Math.round(value));
}

/** A whole number with separators. */
export function count(value) {
  return isNumber(value) ? Math.round(value).toLocaleString('en') : NOTHING;
}

/** A latency in milliseconds: 0.8 ms, 24 ms, 1.3 s. */
export function millis(value) {
  if (!isNumber(value)) return NOTHING;
  if (value < 9.95) return `${value.toFixed(1)} ms`;
  return value < 1000 ? `${Math.round(value)} ms` : span(value);
}

/** A span of time in milliseconds, in the two largest units: 850 ms, 4 s, 2 min 5 s, 3 h 20 min, 12 d 4 h. */
export function span(value) {
  if (!isNumber(value) || value < 0) return NOTHING;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 9950) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  const parts = [
    [Math.floor(seconds / 86400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts.slice(first, first + 2).filter(([amount]) => amount > 0).map(part => part.join(' ')).join(' ');
}

/** How long ago a time was: "4 s ago"; never in the future. */
export function ago(time, now = Date.now()) {
  const at = Date.parse(time);
  if (Number.isNaN(at)) return NOTHING;
  const since = Math.max(0, now - at);
  return since < 1000 ? 'just now' : `${span(since)} ago`;
}

/** A time of day with its date when it is not today: 14:03:20, 2026-11-20 14:03:20. */
export function clock(time, now = Date.now()) {
  const at = new Date(time);
  if (!time || Number.isNaN(at.getTime())) return NOTHING;
  const two = value => String(value).padStart(2, '0');
  const day = one => `${one.getFullYear()}-${two(one.getMonth() + 1)}-${two(one.getDate())}`;
  const hour = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return day(at) === day(new Date(now)) ? hour : `${day(at)} ${hour}`;
}

/** "1 context", "3 contexts". */
export function plural(amount, one, many = `${one}s`) {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}

/** Text without what a terminal would show as colours. */
export function plain(text) {
  // eslint-disable-next-line no-control-regex
  return String(text ?? '').replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
