// What was measured over the last minutes: bounded rings of points, and nothing of the page.

/** Times and values of several lines, oldest first, never more than a bounded number. */
export class Series {
  constructor(names, most = 300) {
    this.names = names;
    this.most = most;
    this.times = [];
    this.lines = names.map(() => []);
  }

  /** Adds a point; a line without a value gets a gap. A point no newer than the last one is dropped. */
  add(time, values) {
    if (this.times.length > 0 && time <= this.times[this.times.length - 1]) return;
    this.times.push(time);
    this.names.forEach((name, at) => this.lines[at].push(Number.isFinite(values[name]) ? values[name] : null));
    if (this.times.length > this.most) {
      this.times.shift();
      this.lines.forEach(line => line.shift());
    }
  }

  /** As a chart takes it: times, then each line. */
  data() {
    return [this.times, ...this.lines];
  }

  /** The last value of a line, or null. */
  last(name) {
    const line = this.lines[this.names.indexOf(name)];
    return line.length > 0 ? line[line.length - 1] : null;
  }
}

/** The shape of a line for a small picture: the d of an SVG path in a box; empty without two points. */
export function shape(values, width, height) {
  const known = values.filter(value => value !== null);
  if (known.length < 2) return '';
  const most = Math.max(...known, 1e-9);
  const step = width / (values.length - 1);
  let pen = 'M';
  let path = '';
  values.forEach((value, at) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    path += `${pen}${(at * step).toFixed(1)} ${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}
