// Choosing, ordering and cutting rows. Pure functions.

/** The states of contexts, the one that wants attention first. */
export const STATES = ['failed', 'starting', 'draining', 'stopping', 'ready', 'stopped'];

/** The state of an item in lower case; what is not known counts as stopped. */
export function stateOf(item) {
  const state = String(item?.state ?? '').toLowerCase();
  return STATES.includes(state) ? state : 'stopped';
}

/**
 * A copy with a known state, so that each row looks alike whoever sent it, and with an id: its path, or for an older version of a
 * WAR its name (`/shop##1`), because that shares its path with the newest one.
 */
export function normal(item) {
  return { ...item, state: stateOf(item), id: item.name || item.path };
}

/** Whether an item has all words of a search in its path, name, kind, reason or place. */
export function matches(item, search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [item.path, item.name, item.kind, item.state, item.reason, item.place, item.version]
    .filter(Boolean).join(' ').toLowerCase();
  return words.every(word => text.includes(word));
}

/** What a column orders by. */
export const COLUMNS = {
  path: item => item.id,
  state: item => STATES.indexOf(stateOf(item)),
  kind: item => item.kind ?? '',
  per_second: item => item.per_second ?? 0,
  latency: item => item.latency_ms?.p95 ?? -1,
  memory: item => item.memory ?? -1,
  in_flight: item => item.in_flight ?? 0,
};

/** Items in order of a column; those that are equal by their id, so that no row jumps about. */
export function ordered(items, column, descending) {
  const of = COLUMNS[column] ?? COLUMNS.path;
  const sign = descending ? -1 : 1;
  const byId = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  return [...items].sort((a, b) => {
    const left = of(a);
    const right = of(b);
    const order = left < right ? -1 : left > right ? 1 : 0;
    return order === 0 ? byId(a, b) : sign * order;
  });
}

/** What is to be shown: filtered, in order, and of that one page. */
export function page(items, view) {
  const found = items.filter(item => (!view.state || stateOf(item) === view.state) && matches(item, view.search));
  const size = view.size ?? 50;
  const pages = Math.max(1, Math.ceil(found.length / size));
  const number = Math.min(Math.max(0, view.page ?? 0), pages - 1);
  const rows = ordered(found, view.column, view.descending).slice(number * size, (number + 1) * size);
  return { rows, found: found.length, pages, number };
}

/** How many items are in each state. */
export function counts(items) {
  const result = Object.fromEntries(STATES.map(state => [state, 0]));
  for (const item of items) result[stateOf(item)] += 1;
  return result;
}
