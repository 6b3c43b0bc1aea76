// What the strip edits, without the page: rows of elements, their text form, where they are and where there is room.
// A row is {name, elements}; positions count from 1 and are inclusive; a pattern without a start is anywhere.
const WINDOW = 41;
const SHORTEST_LOOP = 3;
const LONGEST_STRAND = Math.floor((WINDOW - SHORTEST_LOOP) / 2);
const LONGEST_NAME = 40;
const MIDDLE = 18;
const POSITIONS = ['start', 'first', 'last', 'partner_first', 'partner_last'];

const clamp = (value, least, most) => Math.max(least, Math.min(most, value));
const range = (first, last) => Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
const isRandom = element => element.kind === 'pattern' && element.start === null;
const cleanLetters = value => value.replace(/\s/g, '').toUpperCase().replaceAll('T', 'U');
const cleanName = value =>
  value.normalize('NFC').replace(/[^\p{L}\p{N}_ .,'()/%-]/gu, ' ').trim().replace(/ +/g, ' ').slice(0, LONGEST_NAME).trim();

function elementText(e) {
  if (e.kind === 'pattern') return `${e.letters}@${e.start ?? '*'}`;
  if (e.kind === 'stem') return `stem:${e.first}-${e.last}/${e.partner_first}-${e.partner_last}${e.wobble ? ':gu' : ''}`;
  if (e.kind === 'context') return `context:${e.letters}@${e.start}`;
  return `occlude:${e.first}-${e.last}`;
}

function rowText(row) {
  return (row.name ? row.name + ' = ' : '') + row.elements.map(elementText).join('+');
}

const rowsText = rows => rows.map(rowText).join(';');

function describe(e) {
  if (e.kind === 'pattern') return isRandom(e) ? `${e.letters} anywhere` : `${e.letters} at position ${e.start}`;
  if (e.kind === 'stem') return `stem ${e.first}-${e.last} with ${e.partner_first}-${e.partner_last}`;
  if (e.kind === 'context') return `context ${e.letters} at position ${e.start}`;
  return `occlusion ${e.first}-${e.last}`;
}

// Stretches that an element covers, 5' first; none for a pattern that is anywhere.
function spans(e) {
  if (e.kind === 'stem') return [[e.first, e.last], [e.partner_first, e.partner_last]];
  if (e.kind === 'occlusion') return [[e.first, e.last]];
  return isRandom(e) ? [] : [[e.start, e.start + e.letters.length - 1]];
}

const firstOf = e => spans(e)[0][0];
const lastStart = e => WINDOW - (spans(e).at(-1)[1] - firstOf(e));

// Moves an element as a whole, as far as the window allows; says whether it moved.
function moveTo(e, start) {
  const step = clamp(start, 1, lastStart(e)) - firstOf(e);
  for (const position of POSITIONS) if (e[position] != null) e[position] += step;
  return step !== 0;
}

function stemAt(first, pairs, loop, wobble) {
  pairs = clamp(pairs, 1, LONGEST_STRAND);
  loop = clamp(loop, SHORTEST_LOOP, WINDOW - 2 * pairs);
  first = clamp(first, 1, WINDOW - 2 * pairs - loop + 1);
  const partner = first + pairs + loop;
  return { kind: 'stem', first, last: first + pairs - 1, partner_first: partner, partner_last: partner + pairs - 1, wobble };
}

const pairsIn = stem => stem.last - stem.first + 1;
const loopOf = stem => stem.partner_first - stem.last - 1;

// Nested and side by side is possible; shared or crossing strands are not.
function stemsFit(a, b) {
  const inLoop = (inner, outer) => inner.first > outer.last && inner.partner_last < outer.partner_first;
  return a.partner_last < b.first || b.partner_last < a.first || inLoop(a, b) || inLoop(b, a);
}

// The stem nearest to 7-16/24-33 beside those that are there: as long, then with as long a loop, then as near as possible.
function newStem(elements) {
  const stems = elements.filter(e => e.kind === 'stem');
  const nearest = (values, wish) => values.sort((a, b) => Math.abs(a - wish) - Math.abs(b - wish));
  for (let pairs = 10; pairs >= 2; pairs--) {
    for (const loop of nearest(range(SHORTEST_LOOP, WINDOW - 2 * pairs), 7)) {
      for (const first of nearest(range(1, WINDOW - 2 * pairs - loop + 1), 7)) {
        const stem = stemAt(first, pairs, loop, false);
        if (stems.every(other => stemsFit(stem, other))) return stem;
      }
    }
  }
  return null;
}

// What something new keeps clear of, if there is room; stems are given up first, contexts are there to be written on.
const OBSTACLES = [['pattern', 'occlusion', 'stem'], ['pattern', 'occlusion']];

function isFree(elements, kinds, start, length) {
  const taken = elements.filter(e => kinds.includes(e.kind)).flatMap(spans);
  return taken.every(([first, last]) => start + length - 1 < first || start > last);
}

function freeStart(elements, length, near = MIDDLE) {
  const starts = range(1, WINDOW - length + 1).sort((a, b) => Math.abs(a - near) - Math.abs(b - near));
  for (const kinds of OBSTACLES) {
    const start = starts.find(s => isFree(elements, kinds, s, length));
    if (start) return start;
  }
  return clamp(near, 1, Math.max(1, WINDOW - length + 1));
}

// Equal patterns to the right of a pattern, nearest first: they are its copies.
function copiesOf(elements, pattern) {
  return elements
    .filter(e => e.kind === 'pattern' && e.letters === pattern.letters && e.start > pattern.start)
    .sort((a, b) => a.start - b.start);
}

function gapBetween(copies) {
  const gaps = copies.slice(1).map((next, i) => next.start - copies[i].start - next.letters.length);
  return Math.max(0, Math.min(...gaps));
}

// Starts of so many more copies to the right of a pattern, fewer where there is no room.
function copyStarts(others, pattern, count, gap) {
  const length = pattern.letters.length;
  const lay = kinds => {
    const starts = [];
    let from = pattern.start + length + gap;
    while (starts.length < count) {
      const start = range(from, WINDOW - length + 1).find(s => isFree(others, kinds, s, length));
      if (!start) break;
      starts.push(start);
      from = start + length + gap;
    }
    return starts;
  };
  const [clear, onStems] = OBSTACLES.map(lay);
  return onStems.length > clear.length ? onStems : clear;
}

// Adds copies of a pattern or takes the farthest away, or lays all of them out anew; returns how many there are now, the
// pattern itself counted.
function setCopies(row, pattern, copies, gap, anew) {
  const old = copiesOf(row.elements, pattern), kept = anew ? [] : old.slice(0, copies - 1);
  const elements = row.elements.filter(e => !old.includes(e) || kept.includes(e));
  const last = kept.at(-1) ?? pattern, starts = copyStarts(elements, last, copies - 1 - kept.length, gap);
  elements.splice(elements.indexOf(last) + 1, 0, ...starts.map(start => ({ ...pattern, start })));
  row.elements = elements;
  return kept.length + starts.length + 1;
}

// IUPAC letters by the nucleotides they allow: A is bit 0, C 1, G 2, U 3.
const IUPAC_BY_BITS = ' ACMGRSVUWYHKDBN';

const areLetters = value => [...value].every(letter => IUPAC_BY_BITS.indexOf(letter) > 0) && value.length <= WINDOW;

function partnerLetter(letter, wobble) {
  const bits = IUPAC_BY_BITS.indexOf(letter);
  if (bits < 1) return letter;
  const [a, c, g, u] = [1, 2, 4, 8].map(bit => (bits & bit) > 0);
  const allowed = [u, g, c || (wobble && u), a || (wobble && g)];
  return IUPAC_BY_BITS[allowed.reduce((sum, allow, i) => sum + (allow << i), 0)];
}

// The 41 letters of a construct in one background and where each is from, in the order in which Python embeds: contexts,
// then stems, then patterns and occlusions, which pair their partner strand anew.
function shownLetters(row, background) {
  const shown = range(1, WINDOW).map(i => ({ letter: background[i - 1] ?? '', from: 'background' }));
  const stems = row.elements.filter(e => e.kind === 'stem');
  const pair = (position, partner, stem) => {
    const { letter, from } = shown[position - 1];
    shown[partner - 1] = { letter: partnerLetter(letter, stem.wobble), from: from === 'background' ? from : 'partner' };
  };
  const write = e => {
    const letters = e.letters ?? '?'.repeat(e.last - e.first + 1);
    const set = [...letters].flatMap((letter, i) => (letter === 'N' ? [] : [firstOf(e) + i]));
    for (const position of set) {
      if (position <= WINDOW) shown[position - 1] = { letter: letters[position - firstOf(e)], from: e.kind };
    }
    return set;
  };
  row.elements.filter(e => e.kind === 'context').forEach(write);
  for (const stem of stems) for (const p of range(stem.first, stem.last)) pair(p, stem.first + stem.partner_last - p, stem);
  for (const e of row.elements.filter(e => e.kind === 'occlusion' || (e.kind === 'pattern' && !isRandom(e)))) {
    const set = new Set(write(e));
    for (const stem of stems) {
      for (const p of range(stem.first, stem.last)) {
        const partner = stem.first + stem.partner_last - p;
        if (set.has(p)) pair(p, partner, stem);
        else if (set.has(partner)) pair(partner, p, stem);
      }
    }
  }
  return shown;
}
