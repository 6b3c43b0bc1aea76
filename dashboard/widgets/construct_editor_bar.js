// The bar below the rows: fields for the chosen element, buttons that add and remove. It is built once and only filled in
// later, so that a field keeps the focus and what is being typed.
const MOST_COPIES = 5;

function make(tag, className, content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
}

function makeButton(label, title, act) {
  const node = make('button', '', label);
  node.type = 'button';
  node.title = title;
  node.setAttribute('aria-label', title.startsWith(label) ? title : `${label}: ${title}`);
  node.onclick = act;
  return node;
}

function labelled(words, name, input, commit) {
  const node = make('label', '', words);
  input.setAttribute('aria-label', name);
  input.onchange = commit;
  if (input.type === 'checkbox') node.prepend(input);
  else node.append(input);
  return node;
}

function makeLetters(most = WINDOW) {
  const input = make('input', 'letters');
  input.maxLength = most;
  input.spellcheck = false;
  input.autocomplete = 'off';
  return input;
}

function makeNumber(least, most) {
  const input = make('input');
  input.type = 'number';
  input.min = least;
  input.max = most;
  return input;
}

function makeCheck() {
  const input = make('input');
  input.type = 'checkbox';
  return input;
}

// Fills a field, but never over what somebody is typing.
function fill(input, value) {
  const typing = input.getRootNode().activeElement === input && input.value !== input.filled;
  if (!typing) input.value = value;
  input.filled = input.value;
}

const read = (input, otherwise) => (Number.isFinite(input.valueAsNumber) ? Math.round(input.valueAsNumber) : otherwise);

function patternFields(strip) {
  const letters = makeLetters(), start = makeNumber(1, WINDOW), anywhere = makeCheck();
  const copies = makeNumber(1, MOST_COPIES), gap = makeNumber(0, WINDOW);
  const layCopies = event => {
    const pattern = strip.chosen(), wanted = clamp(read(copies, 1), 1, MOST_COPIES);
    if (event.target === gap) strip.gap = clamp(read(gap, strip.gap), 0, WINDOW);
    const laid = setCopies(strip.chosenRow(), pattern, wanted, strip.gap, event.target === gap);
    const short = laid < wanted ? `Only ${laid} of ${wanted} copies fit to the right of position ${pattern.start}.` : '';
    strip.edited(short);
  };
  const place = () => {
    const pattern = strip.chosen();
    pattern.start = anywhere.checked ? null : freeStart(strip.chosenRow().elements, pattern.letters.length);
    strip.edited();
  };
  return {
    nodes: [
      labelled('Pattern', 'Pattern, IUPAC letters', letters, () => strip.changeLetters(letters.value)),
      labelled('at', 'Position of its first nucleotide', start, () => strip.move(read(start, strip.chosen().start))),
      labelled('anywhere', 'anywhere: a random position in each background RNA', anywhere, place),
      labelled('copies', 'copies of the pattern, side by side to the right', copies, layCopies),
      labelled('gap', 'gap between copies, nt', gap, layCopies),
    ],
    show: pattern => {
      const next = isRandom(pattern) ? undefined : copiesOf(strip.chosenRow().elements, pattern);
      fill(letters, pattern.letters);
      fill(start, pattern.start ?? '');
      start.max = WINDOW - pattern.letters.length + 1;
      anywhere.checked = isRandom(pattern);
      fill(copies, next ? next.length + 1 : 1);
      fill(gap, next?.length ? gapBetween([pattern, ...next]) : strip.gap);
      for (const input of [start, copies]) input.parentElement.hidden = isRandom(pattern);
      gap.parentElement.hidden = !next?.length;
    },
  };
}

function stemFields(strip) {
  const from = makeNumber(1, WINDOW), pairs = makeNumber(1, LONGEST_STRAND), loop = makeNumber(SHORTEST_LOOP, WINDOW - 2);
  const wobble = makeCheck();
  const commit = () => {
    const old = strip.chosen();
    const wish = [read(from, old.first), read(pairs, pairsIn(old)), read(loop, loopOf(old))];
    const stem = stemAt(...wish, wobble.checked);
    const kept = stem.first === wish[0] && pairsIn(stem) === wish[1] && loopOf(stem) === wish[2];
    Object.assign(old, stem);
    strip.edited(kept ? '' : `Kept inside the ${WINDOW} nt: ${describe(stem)}, loop of ${loopOf(stem)}.`, NUDGE_MS);
  };
  return {
    nodes: [
      labelled('Stem from', 'Stem from position', from, commit),
      labelled('bp', 'bp: base pairs of the stem', pairs, commit),
      labelled('loop', 'loop length, nt', loop, commit),
      labelled('G-U pairs', 'G-U pairs allowed', wobble, commit),
    ],
    show: stem => {
      fill(from, stem.first);
      fill(pairs, pairsIn(stem));
      fill(loop, loopOf(stem));
      wobble.checked = stem.wobble;
    },
  };
}

function occlusionFields(strip) {
  const from = makeNumber(1, WINDOW), to = makeNumber(1, WINDOW);
  const commit = () => {
    const window = strip.chosen();
    const first = clamp(read(from, window.first), 1, WINDOW), last = clamp(read(to, window.last), 1, WINDOW);
    window.first = first !== window.first ? Math.min(first, last) : first;
    window.last = Math.max(window.first, last);
    strip.edited('', NUDGE_MS);
  };
  return {
    nodes: [labelled('Occlusion from', 'Occlusion from position', from, commit), labelled('to', 'Occlusion to position', to, commit)],
    show: window => { fill(from, window.first); fill(to, window.last); },
  };
}

function contextFields(strip) {
  const letters = makeLetters(), start = makeNumber(1, WINDOW);
  return {
    nodes: [
      labelled('Context', 'Context letters', letters, () => strip.changeLetters(letters.value)),
      labelled('at', 'Context position', start, () => strip.move(read(start, strip.chosen().start))),
    ],
    show: context => {
      fill(letters, context.letters);
      fill(start, context.start);
      start.max = WINDOW - context.letters.length + 1;
    },
  };
}

// Asks for the letters of a new context in place of the other fields.
function contextPrompt(strip) {
  const letters = makeLetters(), start = makeNumber(1, WINDOW);
  const close = () => { strip.asking = false; letters.value = ''; strip.draw(); };
  const add = () => {
    const value = cleanLetters(letters.value), at = clamp(read(start, 1), 1, Math.max(1, WINDOW - value.length + 1));
    close();
    if (value) strip.add({ kind: 'context', letters: value, start: at });
  };
  const nodes = [
    labelled('New context', 'New context, IUPAC letters', letters, null),
    labelled('at', 'Position of the new context', start, null),
    makeButton('Add', 'Add the context to the construct', add),
    makeButton('Cancel', 'Cancel', close),
  ];
  for (const input of [letters, start]) {
    input.onkeydown = event => {
      if (event.key === 'Enter') add();
      if (event.key === 'Escape') close();
    };
  }
  letters.placeholder = 'AGAUGCAUGG…';
  start.value = 1;
  return { nodes, show: () => {}, open: () => letters.focus({ preventScroll: true }) };
}

function addButtons(strip, prompt) {
  const row = () => strip.chosenRow();
  const addPattern = () => {
    const patterns = [strip.chosen(), ...row().elements.slice().reverse()].filter(e => e?.kind === 'pattern');
    const letters = patterns[0]?.letters ?? 'UGCAUG';
    strip.add({ kind: 'pattern', letters, start: freeStart(row().elements, letters.length) });
  };
  const addStem = () => {
    const stem = newStem(row().elements);
    if (stem) strip.add(stem);
    else strip.say('No room is left for another stem in this construct.');
  };
  const addOcclusion = () => {
    const first = freeStart(row().elements, 6);
    strip.add({ kind: 'occlusion', first, last: first + 5 });
  };
  const askContext = () => { strip.asking = true; strip.draw(); prompt.open(); };
  return {
    construct: makeButton('+ Construct', 'Compare with a further construct, starting from a copy', strip.copyRow),
    remove: makeButton('Remove', 'Remove the chosen element', strip.removeChosen),
    elements: [
      makeButton('+ Pattern', 'Add a copy of the pattern to this construct', addPattern),
      makeButton('+ Stem-loop', 'Add two strands that pair', addStem),
      makeButton('+ Occlusion', 'Add a window of random nucleotides', addOcclusion),
      makeButton('+ Context', 'Add a fixed sequence, which the background has too', askContext),
    ],
  };
}

function makeBar(bar, strip) {
  const name = makeLetters(LONGEST_NAME), prompt = contextPrompt(strip), buttons = addButtons(strip, prompt);
  name.className = 'name';
  name.placeholder = name.title = 'Name';
  const fields = {
    pattern: patternFields(strip), stem: stemFields(strip), occlusion: occlusionFields(strip), context: contextFields(strip), prompt,
  };
  const groups = Object.entries(fields).map(([kind, { nodes }]) => {
    const group = make('span', 'fields');
    group.dataset.kind = kind;
    group.append(...nodes);
    return group;
  });
  const rename = () => {
    strip.chosenRow().name = cleanName(name.value);
    name.value = strip.chosenRow().name;
    strip.edited();
  };
  bar.append(...groups, buttons.remove, ...buttons.elements, buttons.construct, labelled('', 'Name, used in figures', name, rename));
  return () => {
    const chosen = strip.chosen(), shown = strip.asking ? 'prompt' : chosen?.kind;
    for (const group of groups) group.hidden = group.dataset.kind !== shown;
    if (shown) fields[shown].show(chosen);
    fill(name, strip.chosenRow()?.name ?? '');
    buttons.remove.hidden = strip.asking || strip.isLast();
    buttons.construct.hidden = strip.rows.length >= strip.most;
  };
}
