// The gallery: a card for each model with its logo, drawn from letter outlines; a click names the model to Python.
const SVG = 'http://www.w3.org/2000/svg';
const HIGHEST = 2; // bits

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text; // never as HTML: names may be a user's
  return element;
}

function logo(motif, outlines, colours) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${motif.length} ${HIGHEST}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  motif.forEach((column, position) => {
    let bottom = 0;
    const letters = Object.keys(outlines).map((letter, i) => [column[i], letter]).sort((a, b) => a[0] - b[0]);
    for (const [height, letter] of letters) {
      if (height <= 0.005) continue;
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('d', outlines[letter]);
      path.setAttribute('fill', colours[letter]);
      path.setAttribute('fill-rule', 'evenodd');
      path.setAttribute('transform', `translate(${position + 0.5} ${HIGHEST - bottom}) scale(0.92 ${-height})`);
      svg.append(path);
      bottom += height;
    }
  });
  return svg;
}

function card(one, data) {
  const button = make('button', one.id === data.chosen ? 'card chosen' : 'card');
  button.type = 'button';
  button.title = one.title;
  button.setAttribute('aria-label', one.title);
  const name = make('div', 'name');
  name.append(make('b', '', one.protein));
  if (one.badge) name.append(make('span', 'badge', one.badge));
  if (one.grade) name.append(make('span', one.expected ? 'badge taught' : 'badge', one.grade));
  const picture = make('div', one.motif.length ? 'logo' : 'none', one.motif.length ? '' : one.problem);
  button.append(name, make('div', 'from', one.from), picture, make('div', 'kmer', one.kmer), meter(one));
  button.draw = () => picture.append(logo(one.motif, data.outlines, data.colours));
  return button;
}

// A filled bar for what was measured, a hatched one and the word for what is only expected.
function meter(one) {
  const meter = make('div', 'meter'), track = make('div', 'track'), fill = make('div', one.expected ? 'fill expected' : 'fill');
  fill.style.width = `${Math.max(0, Math.min(1, one.pearson ?? 0)) * 100}%`;
  track.append(fill);
  const number = one.pearson === null ? '–' : one.expected ? `expected ${one.pearson.toFixed(2)}` : one.pearson.toFixed(3);
  meter.append(track, make('span', '', number));
  return meter;
}

// Logos are thousands of shapes, so each is drawn shortly before its card comes into view.
function drawWhenSeen(buttons) {
  const seen = new IntersectionObserver(entries => {
    for (const entry of entries.filter(one => one.isIntersecting)) {
      seen.unobserve(entry.target);
      entry.target.draw();
    }
  }, { rootMargin: '600px' });
  buttons.forEach(button => seen.observe(button));
  return seen;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const gallery = parentElement.querySelector('.gallery');
  gallery.seen?.disconnect();
  const buttons = data.cards.map(one => {
    const button = card(one, data);
    button.onclick = () => setTriggerValue('open', one.id);
    return button;
  });
  gallery.replaceChildren(...buttons);
  gallery.seen = drawWhenSeen(buttons.filter(button => button.querySelector('.logo')));
}
