// Draws regions, machines and the way of the last request. Equirectangular: degrees are lengths.
import { LAND } from './land.js';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 14; // degrees around the outermost regions

const element = (name, attributes) => {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

/** The class under which a machine's colour is found. */
export const look = machine => {
  if (machine.broken) return 'broken';
  if (['started', 'suspended', 'stopped'].includes(machine.state)) return machine.state;
  return machine.state === 'destroyed' ? 'stopped' : 'moving';
};

/** The part of the world that has all regions, with them in the middle; one unit is one pixel, so that text can be read. */
const frame = (regions, pixels) => {
  const longitudes = regions.map(region => region.longitude);
  const latitudes = regions.map(region => region.latitude);
  const middle = values => (Math.min(...values) + Math.max(...values)) / 2;
  const span = values => Math.max(...values) - Math.min(...values) + 2 * MARGIN;
  const width = Math.max(60, span(longitudes));
  const height = Math.max(width / (pixels < 600 ? 1.6 : 3.2), span(latitudes));
  const scale = pixels / width;
  return {
    left: middle(longitudes) - width / 2, top: middle(latitudes) + height / 2, scale, width: pixels, height: height * scale,
  };
};

const grid = (svg, at) => {
  for (let longitude = -180; longitude <= 180; longitude += 15) {
    const x = (longitude - at.left) * at.scale;
    if (x > 0 && x < at.width) svg.append(element('path', { class: 'cell', d: `M${x} 0V${at.height}` }));
  }
  for (let latitude = -90; latitude <= 90; latitude += 15) {
    const y = (at.top - latitude) * at.scale;
    if (y > 0 && y < at.height) svg.append(element('path', { class: 'cell', d: `M0 ${y}H${at.width}` }));
  }
};

const land = (svg, at) => {
  for (const outline of LAND) {
    const points = outline.map((degrees, index) => (index % 2 ? at.top - degrees : degrees - at.left) * at.scale);
    svg.append(element('polygon', { class: 'land', points: points.map(Math.round).join(' ') }));
  }
};

/** What ends the line of a hop. */
const arrow = () => {
  const marker = element('marker', {
    id: 'arrow', viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 6, markerHeight: 6, orient: 'auto',
  });
  marker.append(element('path', { d: 'M0 0L10 5L0 10z' }));
  return marker;
};

const arc = (from, to) => {
  const lift = Math.hypot(to.x - from.x, to.y - from.y) / 5;
  return `M${from.x} ${from.y}Q${(from.x + to.x) / 2} ${(from.y + to.y) / 2 - lift} ${to.x} ${to.y}`;
};

/** The regions with their machines as dots, and an arc for each hop of a request that changed the region. */
export const drawMap = (svg, state, hops) => {
  const at = frame(state.regions, svg.clientWidth || 1000);
  svg.setAttribute('viewBox', `0 0 ${at.width} ${at.height}`);
  svg.replaceChildren();
  land(svg, at);
  grid(svg, at);
  svg.append(arrow());
  const places = new Map(state.regions.map(region => [region.code, {
    x: (region.longitude - at.left) * at.scale, y: (at.top - region.latitude) * at.scale,
  }]));
  let from = hops.length ? places.get(hops[0].edge) : undefined;
  hops.forEach((hop, index) => {
    const to = places.get(hop.machine_region);
    if (from && to && from !== to) {
      svg.append(element('path', {
        class: index === 0 ? 'hop first' : 'hop', d: arc(from, to), 'marker-end': 'url(#arrow)',
      }));
    }
    from = to;
  });
  for (const region of state.regions) {
    const { x, y } = places.get(region.code);
    svg.append(element('circle', { class: 'place', cx: x, cy: y, r: 3 }));
    const beyond = x > at.width - 50; // it would be cut off
    const label = element('text', { x: beyond ? x - 8 : x + 8, y: y - 8, 'text-anchor': beyond ? 'end' : 'start' });
    label.textContent = region.code;
    svg.append(label);
    state.machines.filter(machine => machine.region === region.code).forEach((machine, index) => {
      const dot = element('circle', {
        class: look(machine), r: 7, cx: x + (index % 6) * 17, cy: y + 16 + Math.floor(index / 6) * 17,
      });
      const title = element('title', {});
      title.textContent = `${machine.app} ${machine.id}: ${machine.state}`;
      dot.append(title);
      svg.append(dot);
    });
  }
};
