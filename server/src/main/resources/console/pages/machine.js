// The machine: whether anybody uses it, when it falls asleep, and what keeps it awake.
import { get } from '../api.js';
import { el, facts, section, table } from '../dom.js';
import { ago, clock, count, span } from '../format.js';
import { refreshed } from './refresh.js';

/** Shows it. */
export function machinePage(main) {
  const part = refreshed(() => get('status'), build, 3000);
  main.append(part.node);
  return part.close;
}

function build(status) {
  const machine = status.machine ?? {};
  const leases = machine.leases ?? [];
  return [
    section('State', facts([
      ['State', machine.state], ['Since', machine.since ? `${clock(machine.since)} (${ago(machine.since)})` : ''], ['Why', machine.reason],
      ['Last used', machine.last_activity ? ago(machine.last_activity) : ''], ['Idle for', machine.idle_ms > 0 ? span(machine.idle_ms) : 'in use'],
      ['Has slept', count(machine.suspends)], ['Refusals', count(machine.refusals)], ['Last refusal', machine.last_refusal], ['Requests that wait', count(machine.waiting)],
    ])),
    section('Leases', el('p', { className: 'hint', textContent: 'Work that goes on without a request; while a lease is held, nothing falls asleep.' }),
      table('Leases', ['Name', 'Context', 'Ends in'], leases.map(lease => [
        lease.name, lease.context || '–', lease.left_ms > 0 ? span(lease.left_ms) : '–',
      ]), 'No lease is held.')),
    section('Server', facts([
      ['Marina', status.version], ['Java', status.java], ['Process', status.pid], ['Started', status.started_at ? clock(status.started_at) : ''],
      ['Instance', status.base], ['Installed in', status.home], ['Addresses', [status.urls ?? []].flat().join(', ')],
    ])),
  ];
}
