/**
 * Rates of all nodes together, and how one is drawn. A node takes a sample of its totals every few seconds, each at its own
 * moment; a rate is what came between two samples, put where it belongs in time.
 */
const SVG = "http://www.w3.org/2000/svg";
const STEP_MS = 5_000;
const STEPS = 60;
const WIDTH = 240;
const HEIGHT = 54;

/** The sums over all nodes of what `field` grew by, a second, for each step of the last minutes; oldest first. */
export function rates(reports, field) {
  const newest = Math.max(0, ...reports.flatMap((report) => report.samples.slice(-1).map((each) => step(each.at))));
  const sums = new Array(STEPS).fill(0);
  for (const { samples } of reports) {
    for (let i = 1; i < samples.length; i++) {
      const [before, now] = [samples[i - 1], samples[i]];
      const place = STEPS - 1 - (newest - step(now.at));
      if (place >= 0 && now.at > before.at) {
        sums[place] += ((now[field] - before[field]) * 1000) / (now.at - before.at);
      }
    }
  }
  return sums;
}

function step(at) {
  return Math.floor(at / STEP_MS);
}

/** Draws values into an `svg` of its own size, its top the largest of them, or one. */
export function draw(svg, values) {
  const top = Math.max(1, ...values);
  const points = values.map((value, i) => {
    const x = (i * WIDTH) / (values.length - 1);
    const y = HEIGHT - 2 - (value * (HEIGHT - 6)) / top;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.replaceChildren(
    shape("polygon", "area", `0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}`),
    shape("polyline", "stroke", points.join(" ")),
  );
}

function shape(kind, name, points) {
  const shape = document.createElementNS(SVG, kind);
  shape.setAttribute("class", name);
  shape.setAttribute("points", points);
  return shape;
}

export function emptyPlot() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}
