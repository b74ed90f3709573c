// Charts over the last minutes, drawn by uPlot on a canvas; colours come from the style sheet, what they show is also said in words.
import uPlot from './vendor/uplot-1.6.32.js';
import { el, svg, write } from './dom.js';
import { shape } from './series.js';

const SPAN = 300; // seconds

/**
 * A chart of some lines of a series.
 *
 * lines: [{name, label, color}], color being the name of a colour of the style sheet; show: how a value is written; least: what the axis
 * always reaches.
 * Answers {node, update(), close()}.
 */
export function chart(title, series, lines, show, least) {
  const plot = el('div', { className: 'plot', 'aria-hidden': 'true' });
  const now = el('p', { className: 'now' });
  const node = el('figure', { className: 'chart' }, el('figcaption', {}, el('span', { textContent: title }), now), plot);
  let drawn = null;
  const indexes = lines.map(line => series.names.indexOf(line.name) + 1);
  const data = () => [series.times, ...indexes.map(at => series.data()[at])];
  const draw = () => {
    drawn?.destroy();
    drawn = new uPlot(options(plot, lines, show, least), data(), plot);
  };
  const sized = new ResizeObserver(() => {
    if (!drawn) draw();
    else drawn.setSize({ width: Math.max(120, plot.clientWidth), height: 140 });
  });
  sized.observe(plot);
  document.addEventListener('theme', draw);
  const update = () => {
    const parts = lines.map(line => (lines.length > 1 ? `${line.label} ` : '') + show(series.last(line.name)));
    write(now, parts.join(' · '));
    if (!drawn) return;
    drawn.setData(data(), false);
    const end = series.times[series.times.length - 1] ?? Date.now() / 1000;
    drawn.setScale('x', { min: end - SPAN, max: end });
  };
  update();
  return { node, update, close: () => { sized.disconnect(); document.removeEventListener('theme', draw); drawn?.destroy(); } };
}

function options(plot, lines, show, least) {
  const style = getComputedStyle(document.documentElement);
  const color = name => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: color('dim'), grid: { stroke: color('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
  return {
    width: Math.max(120, plot.clientWidth),
    height: 140,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: true }, y: { range: (self, min, max) => [0, Math.max((max ?? 0) * 1.1, least)] } },
    axes: [
      { ...axis, size: 24, space: 60, incrs: [60, 120, 300], values: (self, times) => times.map(time => new Date(time * 1000).toTimeString().slice(0, 5)) },
      { ...axis, size: 62, space: 34, values: (self, values) => values.map(show) },
    ],
    series: [{}, ...lines.map(line => ({
      label: line.label, stroke: color(line.color), width: 1.5, points: { show: false },
      fill: lines.length === 1 ? `${color(line.color)}22` : undefined,
    }))],
  };
}

/** A small line without axes: {node, update(values)}. For the eye only; the number stands beside it. */
export function spark(width = 120, height = 28) {
  const line = svg('path', { class: 'spark-line', d: '' });
  const node = svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', preserveAspectRatio: 'none' }, line);
  return { node, update: values => line.setAttribute('d', shape(values, width, height)) };
}
