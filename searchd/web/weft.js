// weft.js - what the search page can do besides: suggestions, keys. It works without.
'use strict';

const box = document.getElementById('q');
const form = box.form;
const WAIT_MS = 120;

// What was left empty need not stand in the address.
form.addEventListener('submit', () => {
  for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
});
window.addEventListener('pageshow', () => {
  for (const field of form.elements) field.disabled = false;
});
for (const select of form.querySelectorAll('select')) select.addEventListener('change', () => form.requestSubmit());

// Suggestions, as a combobox: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
const list = document.createElement('ul');
list.className = 'suggestions';
list.id = 'suggestions';
list.hidden = true;
list.setAttribute('role', 'listbox');
list.setAttribute('aria-label', 'Suggestions');
box.after(list);
box.setAttribute('role', 'combobox');
box.setAttribute('aria-autocomplete', 'list');
box.setAttribute('aria-controls', list.id);
box.setAttribute('aria-expanded', 'false');

let chosen = -1, timer = 0, asked = 0;

function close() {
  list.hidden = true;
  chosen = -1;
  box.setAttribute('aria-expanded', 'false');
  box.removeAttribute('aria-activedescendant');
}

function choose(i) {
  const rows = list.children;
  if (chosen >= 0) rows[chosen].setAttribute('aria-selected', 'false');
  chosen = rows.length ? (i + rows.length) % rows.length : -1;
  if (chosen < 0) return;
  rows[chosen].setAttribute('aria-selected', 'true');
  box.setAttribute('aria-activedescendant', rows[chosen].id);
}

function take(row) {
  if (row.dataset.ref) {
    location.href = '/thread/' + encodeURIComponent(row.dataset.ref);
    return;
  }
  box.value = row.dataset.q;
  close();
  form.requestSubmit();
}

function show(suggestions) {
  list.replaceChildren();
  for (const [i, s] of suggestions.entries()) {
    const row = document.createElement('li');
    const text = document.createElement('b');
    const kind = document.createElement('span');
    row.id = 'suggestion-' + i;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', 'false');
    text.textContent = s.text;
    text.dir = 'auto';
    kind.textContent = s.kind;
    if (s.kind === 'title') row.dataset.ref = s.ref;
    else if (s.kind === 'author') row.dataset.q = 'author:"' + s.text.replace(/"/g, '') + '"';
    else row.dataset.q = s.text;
    row.append(text, kind);
    row.addEventListener('mousedown', (event) => { event.preventDefault(); take(row); });
    list.append(row);
  }
  chosen = -1;
  list.hidden = suggestions.length === 0;
  box.setAttribute('aria-expanded', String(!list.hidden));
}

async function suggest() {
  const prefix = box.value, mine = ++asked;
  if (prefix.trim().length < 2) return close();
  try {
    const answer = await fetch('/v1/suggest?limit=8&prefix=' + encodeURIComponent(prefix));
    const reply = await answer.json();
    if (mine === asked && reply.ok && document.activeElement === box) show(reply.suggestions);
  } catch {
    close();
  }
}

box.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, WAIT_MS);
});
box.addEventListener('blur', close);
form.addEventListener('submit', () => { asked++; clearTimeout(timer); close(); });
box.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') asked++;
  if (list.hidden) return;
  if (event.key === 'Escape') close(); // and what was typed stays
  else if (event.key === 'ArrowDown') choose(chosen + 1);
  else if (event.key === 'ArrowUp') choose(chosen < 0 ? list.children.length - 1 : chosen - 1);
  else if (event.key === 'Enter' && chosen >= 0) take(list.children[chosen]);
  else return;
  event.preventDefault();
});

// "/" goes to the box, j and k from hit to hit, o opens one in its conversation.
const hits = [...document.querySelectorAll('.hit')];
let current = -1;

function go(to) {
  if (hits.length === 0) return;
  current = Math.min(Math.max(to, 0), hits.length - 1);
  hits[current].focus();
}

document.addEventListener('keydown', (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === '/') { box.focus(); box.select(); }
  else if (event.key === 'j') go(current + 1);
  else if (event.key === 'k') go(current - 1);
  else if (event.key === 'o' && current >= 0) hits[current].querySelector('.links a').click();
  else return;
  event.preventDefault();
});

const at = document.getElementById('at');
if (at && location.hash === '#at') at.focus({ preventScroll: true });
