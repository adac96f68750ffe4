'use strict';

const REFRESH_MS = 1000;
const state = document.getElementById('state');
const main = document.getElementById('status');

function shown(value) {
  if (typeof value !== 'number') return String(value);
  return value.toLocaleString('en', { maximumFractionDigits: 2 });
}

function section(title, values) {
  const box = document.createElement('section');
  const head = box.appendChild(document.createElement('h2'));
  head.textContent = title;
  const list = box.appendChild(document.createElement('dl'));
  const nested = [];
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && typeof value === 'object') {
      nested.push(...section(title ? title + ' ' + name : name, value));
    } else {
      list.appendChild(document.createElement('dt')).textContent = name;
      list.appendChild(document.createElement('dd')).textContent = shown(value);
    }
  }
  return list.childElementCount ? [box, ...nested] : nested;
}

async function refresh() {
  try {
    const [status, ready] = await Promise.all([fetch('status'), fetch('health/ready')]);
    main.replaceChildren(...section('', await status.json()));
    const reasons = Object.entries((await ready.json()).reasons);
    state.textContent = reasons.map(([name, why]) => name + ': ' + why).join('; ') || 'ready';
    state.className = ready.ok ? '' : 'bad';
  } catch (unreachable) {
    state.textContent = 'not reachable: stopped?';
    state.className = 'bad';
  }
  setTimeout(refresh, REFRESH_MS);
}

refresh();
