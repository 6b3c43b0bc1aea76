// The construct strip: one row of 41 cells per construct. Blocks are dragged, nudged with the arrow keys, removed with
// Delete; the bar below edits the selected block. Every change goes to Python as the text form, which stays the truth.
const WINDOW = 41;

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector('.strip');
  const state = (root._state ??= { row: 0, block: 0 });
  const rows = data.constructs.map(c => c.patterns.map(p => ({ ...p })));
  state.row = Math.min(state.row, rows.length - 1);
  state.block = Math.min(state.block, Math.max(0, (rows[state.row] ?? []).length - 1));

  const text = patterns => patterns.map(p => p.letters + '@' + p.start).join('+');
  const send = () => setTriggerValue('edit', rows.filter(r => r.length).map(text).join(';'));
  const clamp = (start, letters) => Math.max(1, Math.min(WINDOW - letters.length + 1, start));
  const element = (tag, className, content) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (content !== undefined) node.textContent = content;
    return node;
  };
  const button = (label, title, act) => {
    const node = element('button', '', label);
    node.type = 'button'; node.title = title; node.setAttribute('aria-label', title); node.onclick = act;
    return node;
  };

  // First start, near 18, at which a pattern covers no other of its row.
  const freeStart = (patterns, length) => {
    const starts = Array.from({ length: WINDOW - length + 1 }, (_, i) => i + 1);
    starts.sort((a, b) => Math.abs(a - 18) - Math.abs(b - 18));
    const free = s => patterns.every(p => s + length - 1 < p.start || s > p.start + p.letters.length - 1);
    return starts.find(free) ?? clamp(18, 'N'.repeat(length));
  };

  const draw = () => {
    root.replaceChildren();
    const ruler = element('div', 'cells ruler');
    for (let i = 1; i <= WINDOW; i++) ruler.appendChild(element('span', '', i === 1 || i % 5 === 0 ? i : ''));
    const head = element('div', 'line');
    head.append(ruler, element('span', 'side'));
    root.appendChild(head);
    rows.forEach((patterns, r) => root.appendChild(line(patterns, r)));
    root.appendChild(bar());
  };

  const line = (patterns, r) => {
    const cells = element('div', 'cells');
    cells.setAttribute('role', 'group');
    cells.setAttribute('aria-label', 'Construct ' + (r + 1) + ': ' + text(patterns));
    const background = data.background ?? '';
    for (let i = 0; i < WINDOW; i++) {
      const letter = element('span', 'cell', background[i] ?? '');
      letter.style.gridColumn = i + 1;
      cells.appendChild(letter);
    }
    patterns.forEach((p, b) => cells.appendChild(block(cells, p, r, b)));
    const side = element('span', 'side');
    if (rows.length > 1) {
      side.appendChild(button('×', 'Remove construct ' + (r + 1), () => {
        rows.splice(r, 1); state.row = 0; state.block = 0; send();
      }));
    }
    const node = element('div', 'line');
    node.append(cells, side);
    return node;
  };

  const block = (cells, p, r, b) => {
    const node = element('div', 'block');
    const selected = state.row === r && state.block === b;
    node.classList.toggle('selected', selected);
    node.tabIndex = 0;
    node.setAttribute('role', 'slider');
    node.setAttribute('aria-label', p.letters + ' at position ' + p.start);
    node.setAttribute('aria-valuemin', 1);
    node.setAttribute('aria-valuemax', WINDOW - p.letters.length + 1);
    node.setAttribute('aria-valuenow', p.start);
    node.style.background = data.constructs[r].colour;
    for (const letter of p.letters) node.appendChild(element('span', letter === 'N' ? 'open' : '', letter));
    const place = () => { node.style.gridColumn = p.start + ' / span ' + p.letters.length; };
    place();
    node.onfocus = () => {
      if (state.row !== r || state.block !== b) {
        state.row = r; state.block = b;
        root.querySelectorAll('.block').forEach(other => other.classList.toggle('selected', other === node));
        root.replaceChild(bar(), root.lastChild);
      }
    };
    node.onpointerdown = event => {
      node.focus();
      event.preventDefault();
      node.setPointerCapture(event.pointerId);
      const from = p.start, x = event.clientX, cell = cells.getBoundingClientRect().width / WINDOW;
      node.onpointermove = move => { p.start = clamp(from + Math.round((move.clientX - x) / cell), p.letters); place(); };
      node.onpointerup = node.onpointercancel = () => {
        node.onpointermove = node.onpointerup = node.onpointercancel = null;
        if (p.start !== from) send();
      };
    };
    node.onkeydown = event => {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -5, PageUp: 5 }[event.key];
      if (step) {
        const start = clamp(p.start + step, p.letters);
        event.preventDefault();
        if (start === p.start) return;
        p.start = start; place();
        clearTimeout(root._timer); root._timer = setTimeout(send, 150);
        state.focus = true;
      } else if (event.key === 'Delete' || event.key === 'Backspace') {
        event.preventDefault(); remove(r, b);
      }
    };
    if (selected && state.focus) { state.focus = false; setTimeout(() => node.focus({ preventScroll: true })); }
    return node;
  };

  const remove = (r, b) => {
    if (rows.length === 1 && rows[r].length === 1) return;
    rows[r].splice(b, 1);
    state.block = 0; send();
  };

  const bar = () => {
    const node = element('div', 'bar');
    const chosen = (rows[state.row] ?? [])[state.block];
    if (chosen) {
      const letters = element('input');
      letters.value = chosen.letters; letters.size = 10; letters.maxLength = WINDOW; letters.spellcheck = false;
      letters.setAttribute('aria-label', 'Pattern, IUPAC letters');
      letters.onchange = () => {
        const value = letters.value.trim().toUpperCase().replaceAll('T', 'U');
        chosen.letters = value || chosen.letters;
        // A wrong letter is sent as it is: Python says what is wrong with it.
        if (chosen.letters.length <= WINDOW) chosen.start = clamp(chosen.start, chosen.letters);
        send();
      };
      const start = element('input');
      start.type = 'number'; start.min = 1; start.max = WINDOW - chosen.letters.length + 1; start.value = chosen.start;
      start.setAttribute('aria-label', 'Position of its first nucleotide');
      start.onchange = () => { chosen.start = clamp(Math.round(+start.value) || 1, chosen.letters); send(); };
      const label = (words, field) => { const l = element('label', '', words); l.appendChild(field); return l; };
      node.append(label('Pattern ', letters), label('at ', start));
      const copy = () => {
        const patterns = rows[state.row];
        patterns.push({ letters: chosen.letters, start: freeStart(patterns, chosen.letters.length) });
        state.block = patterns.length - 1; send();
      };
      node.append(button('+ Pattern', 'Add a copy of this pattern to the same construct', copy));
      const last = rows.length === 1 && rows[state.row].length === 1;
      if (!last) node.append(button('Remove', 'Remove the selected pattern', () => remove(state.row, state.block)));
    }
    if (rows.length < data.most) {
      node.append(button('+ Construct', 'Compare with a further construct, starting from a copy', () => {
        rows.push((rows[state.row] ?? rows[0]).map(p => ({ ...p })));
        state.row = rows.length - 1; state.block = 0; send();
      }));
    }
    return node;
  };

  draw();
}
