// The construct strip: one row of 41 cells per construct. Blocks are dragged, nudged with the arrow keys, removed with Delete;
// the bar below edits the chosen one. Every change is drawn at once and goes to Python as the text form, which stays the truth.
// strip_text.js and strip_bar.js come before this file in the same module.
const NUDGE_MS = 150;
const LONGEST_ANSWER_MS = 10_000;
const ARC_LANE = 34;
const LOWEST_ARC = 15;
const SVG = 'http://www.w3.org/2000/svg';
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageDown: -5, PageUp: 5, Home: -WINDOW, End: WINDOW };

function makeStrip(root) {
  const [lines, bar, status] = ['.lines', '.bar', '.status'].map(part => root.querySelector(part));
  const strip = { rows: [], colours: [], background: '', most: 1, row: 0, index: 0, gap: 1, asking: false };
  let drawn = '', timer = null, sent = 0, pending = null, pressed = false, late = false;

  strip.chosenRow = () => strip.rows[strip.row];
  strip.chosen = () => strip.chosenRow()?.elements[strip.index];
  strip.isLast = () => strip.rows.length === 1 && strip.rows[0].elements.length === 1;
  strip.say = text => { status.textContent = text; };

  const snapshot = () => JSON.stringify([strip.rows, strip.background]);
  const send = (rows = strip.rows) => {
    clearTimeout(timer);
    timer = null;
    sent = Math.max(sent + 1, Date.now()); // never used before, not even before a reload
    strip.trigger('edit', { text: rowsText(rows), number: sent });
  };
  strip.edited = (words = '', delay = 0) => {
    strip.say(words);
    strip.draw();
    clearTimeout(timer);
    timer = setTimeout(() => send(), delay);
  };
  strip.choose = (row, index) => {
    if (strip.row === row && strip.index === index) return;
    Object.assign(strip, { row, index, asking: false });
    for (const block of lines.querySelectorAll('.block')) block.classList.toggle('selected', strip.isChosen(block));
    fillBar();
  };
  strip.isChosen = block => +block.dataset.row === strip.row && +block.dataset.index === strip.index;
  strip.move = start => { moveTo(strip.chosen(), start); strip.edited('', NUDGE_MS); };
  strip.changeLetters = value => {
    const chosen = strip.chosen(), letters = cleanLetters(value);
    strip.say('');
    if (!letters || letters === chosen.letters) return fillBar();
    const changed = { ...chosen, letters };
    if (!isRandom(chosen)) moveTo(changed, changed.start);
    if (areLetters(letters)) {
      Object.assign(chosen, changed);
      return strip.edited();
    }
    // A wrong letter is sent as it is but not taken over: Python says what is wrong with it.
    const elements = strip.chosenRow().elements.map(e => (e === chosen ? changed : e));
    send(strip.rows.map((row, r) => (r === strip.row ? { ...row, elements } : row)));
  };
  strip.add = element => {
    strip.index = strip.chosenRow().elements.push(element) - 1;
    strip.edited();
  };
  strip.copyRow = () => {
    const elements = structuredClone(strip.chosenRow().elements);
    strip.row = strip.rows.push({ name: '', elements }) - 1;
    strip.edited();
  };
  strip.removeRow = row => {
    strip.rows.splice(row, 1);
    Object.assign(strip, { row: 0, index: 0 });
    strip.edited();
  };
  strip.removeChosen = () => {
    if (strip.isLast()) return;
    strip.chosenRow().elements.splice(strip.index, 1);
    if (!strip.chosenRow().elements.length) return strip.removeRow(strip.row);
    strip.index = Math.max(0, strip.index - 1);
    strip.edited();
  };

  strip.draw = () => {
    // A button that is replaced between press and release would never be clicked.
    if (pressed && !strip.dragging) { late = true; return; }
    const hadFocus = lines.contains(root.getRootNode().activeElement);
    lines.classList.toggle('many', strip.rows.length > 1);
    lines.replaceChildren(ruler(), ...strip.rows.map((row, r) => drawRow(strip, row, r)));
    if (hadFocus) lines.querySelector('.selected')?.focus({ preventScroll: true });
    drawn = snapshot();
    fillBar();
  };

  const adopt = ({ rows, colours, background, most }) => {
    const incoming = JSON.stringify([rows, background]);
    const isShown = incoming === drawn && incoming === snapshot();
    Object.assign(strip, { colours, background, most });
    if (isShown) return fillBar(); // the blocks go on editing the same rows
    strip.rows = structuredClone(rows);
    strip.row = Math.min(strip.row, rows.length - 1);
    strip.index = clamp(strip.index, 0, (rows[strip.row]?.elements.length ?? 1) - 1);
    strip.draw();
  };
  strip.update = (data, trigger) => {
    strip.trigger = trigger;
    // While Python has not answered the latest edit, what is here is newer than what it sends.
    const isOld = data.answered < sent && Date.now() - sent < LONGEST_ANSWER_MS;
    if (strip.dragging) pending = data;
    else if (!timer && !isOld) adopt(data);
  };

  strip.capture = (event, move, drop) => {
    // The lines, not the block, hold the pointer: the blocks are drawn anew on the way.
    strip.dragging = true;
    lines.setPointerCapture(event.pointerId);
    lines.onpointermove = move;
    lines.onpointerup = lines.onpointercancel = end => {
      lines.onpointermove = lines.onpointerup = lines.onpointercancel = null;
      strip.dragging = false;
      pressed = false;
      drop(end);
      if (pending) strip.update(pending, strip.trigger);
      pending = null;
    };
  };
  const release = () => {
    pressed = false;
    setTimeout(() => { if (late) { late = false; strip.draw(); } });
  };
  root.addEventListener('pointerdown', () => {
    pressed = true;
    for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, release, { once: true, capture: true });
  }, true);

  const fillBar = makeBar(bar, strip);
  return strip;
}

function ruler() {
  const cells = make('div', 'cells ruler');
  cells.setAttribute('aria-hidden', 'true');
  for (const i of range(1, WINDOW)) cells.append(make('span', '', i === 1 || i % 5 === 0 ? i : ''));
  return cells;
}

function drawRow(strip, row, r) {
  const node = make('div', 'construct');
  node.setAttribute('role', 'group');
  node.setAttribute('aria-label', `Construct ${r + 1}: ${rowText(row)}`);
  node.style.setProperty('--row', strip.colours[r % strip.colours.length]);
  const stems = row.elements.filter(e => e.kind === 'stem'), random = row.elements.filter(isRandom);
  if (stems.length || row.name) node.append(arcLane(strip, row, r, stems));
  const line = make('div', 'line');
  line.append(drawCells(strip, row, r));
  if (strip.rows.length > 1) line.append(removeButton(strip, r));
  node.append(line);
  if (random.length) node.append(randomLane(strip, row, r));
  return node;
}

function removeButton(strip, r) {
  const node = makeButton('×', `Remove construct ${r + 1}`, () => strip.removeRow(r));
  node.setAttribute('aria-label', node.title);
  node.className = 'side';
  return node;
}

function drawCells(strip, row, r) {
  const cells = make('div', 'cells'), shown = shownLetters(row, strip.background);
  shown.forEach(({ letter, from }, i) => {
    const cell = make('span', 'cell', from === 'background' ? letter : '');
    cell.style.gridColumn = i + 1;
    cells.append(cell);
  });
  row.elements.forEach((e, index) => {
    spans(e).forEach((span, strand) => cells.append(drawBlock(strip, e, r, index, span, strand, shown)));
  });
  return cells;
}

function drawBlock(strip, e, r, index, [first, last], strand, shown) {
  const node = blockNode(strip, e, r, index), letters = e.letters ?? '?'.repeat(last - first + 1);
  node.style.gridColumn = `${first} / ${Math.min(last, WINDOW) + 1}`;
  if (e.kind === 'stem') {
    for (const { letter, from } of shown.slice(first - 1, last)) node.append(make('span', from, letter));
    // Both strands are one slider for the keyboard; a mouse may take either.
    if (strand) { node.tabIndex = -1; node.setAttribute('aria-label', `stem ${first}-${last} with ${e.first}-${e.last}`); }
  } else {
    for (const letter of letters) node.append(make('span', letter === 'N' ? 'open' : '', letter));
  }
  node.setAttribute('role', 'slider');
  node.setAttribute('aria-valuemin', 1);
  node.setAttribute('aria-valuemax', lastStart(e));
  node.setAttribute('aria-valuenow', firstOf(e));
  node.onpointerdown = event => dragBlock(strip, e, node, event);
  return node;
}

// What all blocks share, wherever they are drawn: choosing, removing and nudging.
function blockNode(strip, e, r, index) {
  const node = make('div', `block ${e.kind}`);
  Object.assign(node.dataset, { row: r, index });
  node.classList.toggle('selected', strip.isChosen(node));
  node.tabIndex = 0;
  node.title = describe(e);
  node.setAttribute('aria-label', describe(e));
  node.onfocus = () => strip.choose(r, index);
  node.onkeydown = event => {
    if (event.key === 'Delete' || event.key === 'Backspace') strip.removeChosen();
    else if (STEPS[event.key] && !isRandom(e)) { if (moveTo(e, firstOf(e) + STEPS[event.key])) strip.edited('', NUDGE_MS); }
    else return;
    event.preventDefault();
  };
  return node;
}

function dragBlock(strip, e, node, event) {
  event.preventDefault();
  const cell = node.closest('.construct').querySelector('.cells').getBoundingClientRect().width / WINDOW;
  const from = firstOf(e), x = event.clientX;
  node.focus({ preventScroll: true });
  strip.capture(
    event,
    move => { if (moveTo(e, from + Math.round((move.clientX - x) / cell))) strip.draw(); },
    () => { if (firstOf(e) !== from) strip.edited(); },
  );
}

function arcLane(strip, row, r, stems) {
  const lane = make('div', 'arcs');
  lane.classList.toggle('flat', !stems.length);
  if (row.name) lane.append(make('span', 'title', row.name));
  if (!stems.length) return lane;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WINDOW} ${ARC_LANE}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  lane.append(svg);
  const narrowest = Math.min(...stems.map(loopOf)) + 1, widest = Math.max(...stems.map(s => s.partner_last - s.first));
  // Heights spread over the whole lane; the lowest arc leaves room for the length of its loop.
  const height = width => LOWEST_ARC + ((ARC_LANE - LOWEST_ARC - 1) * (width - narrowest)) / Math.max(1, widest - narrowest);
  for (const stem of stems) {
    svg.append(...range(stem.first, stem.last).map(position => arc(position, stem.first + stem.partner_last - position, height)));
    const inner = stems.some(other => other.first > stem.last && other.partner_last < stem.partner_first);
    if (!inner) lane.append(loopLabel(stem));
  }
  return lane;
}

function arc(position, partner, height) {
  const width = partner - position;
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', `M${position - 0.5} ${ARC_LANE}A${width / 2} ${height(width)} 0 0 1 ${partner - 0.5} ${ARC_LANE}`);
  return path;
}

function loopLabel(stem) {
  const label = make('span', 'loop'), words = make('span', 'words', 'loop ');
  label.title = `loop of ${loopOf(stem)} nt`;
  label.append(words, `${loopOf(stem)} nt`);
  label.style.left = `${((stem.last + loopOf(stem) / 2) / WINDOW) * 100}%`;
  return label;
}

function randomLane(strip, row, r) {
  const lane = make('div', 'random');
  lane.append(make('span', 'hint', '↔ anywhere'));
  row.elements.forEach((e, index) => {
    if (!isRandom(e)) return;
    const node = blockNode(strip, e, r, index);
    node.setAttribute('role', 'button');
    node.style.width = `${(e.letters.length / WINDOW) * 100}%`;
    for (const letter of e.letters) node.append(make('span', '', letter));
    node.onpointerdown = event => dragRandom(strip, e, node, event);
    lane.append(node);
  });
  return lane;
}

// A pattern that is anywhere gets a position when it is dropped on the cells of its row.
function dragRandom(strip, e, node, event) {
  event.preventDefault();
  node.focus({ preventScroll: true });
  const { clientX: x, clientY: y } = event, left = node.getBoundingClientRect().left;
  const cells = node.closest('.construct').querySelector('.cells').getBoundingClientRect();
  strip.capture(
    event,
    move => { node.style.transform = `translate(${move.clientX - x}px, ${move.clientY - y}px)`; },
    end => {
      node.style.transform = '';
      if (end.clientY > cells.bottom || end.clientY < cells.top) return;
      const start = Math.round(((left + end.clientX - x - cells.left) / cells.width) * WINDOW) + 1;
      e.start = clamp(start, 1, WINDOW - e.letters.length + 1);
      strip.edited();
    },
  );
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector('.strip');
  root._strip ??= makeStrip(root);
  root._strip.update(data, setTriggerValue);
}
