'use strict';
// Draws what /status/events tells. Every text goes in as text, never as HTML. What has not changed is left alone, so whoever
// reads, selects or stands somewhere is not disturbed.

const byId = id => document.getElementById(id);

function element(name, attributes, text) {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (text !== undefined) made.textContent = text;
  return made;
}

const number = value => value.toLocaleString('en', { maximumFractionDigits: 1 });
const seconds = value => value === undefined ? '–'
  : typeof value !== 'number' ? '> 2000 s'
  : value < 1 ? number(value * 1000) + ' ms' : number(value) + ' s';
const named = name => name === '' ? 'all' : name === '-' ? '(none)' : name === '+' ? '(others)' : name;
const spaced = word => word.replaceAll('_', ' ').toLowerCase();

function say(place, text, kind) {
  if (place.textContent !== text) place.textContent = text;
  const name = kind || '';
  if (place.className !== name) place.className = name;
}

// Keeps the children of a place by their keys: makes what is new, takes what has gone, and moves only what has moved.
function keep(place, keys, make) {
  const old = {};
  Array.from(place.children).forEach(child => { old[child.getAttribute('data-key')] = child; });
  keys.forEach((key, i) => {
    let child = old['k' + key];
    delete old['k' + key];
    if (!child) {
      child = make();
      child.setAttribute('data-key', 'k' + key);
    }
    if (place.children[i] !== child) place.insertBefore(child, place.children[i] || null);
  });
  for (const key in old) old[key].remove();
}

// The roles are said, since a table that is laid out as something else is none any more for those who read by ear.
function table(id, columns) {
  const place = byId(id);
  const none = element('p', { class: 'none' }, 'None.');
  const around = element('div', { class: 'table', tabindex: '0', role: 'group', 'aria-labelledby': 'h-' + id });
  const made = element('table', { role: 'table', 'aria-labelledby': 'h-' + id });
  const head = element('thead', { role: 'rowgroup' });
  const titles = element('tr', { role: 'row' });
  const body = element('tbody', { role: 'rowgroup' });
  columns.forEach(column => titles.append(element('th', { role: 'columnheader', scope: 'col', class: column.kind }, column.title)));
  head.append(titles);
  made.append(head);
  made.append(body);
  around.append(made);
  place.append(none);

  function row() {
    const made = element('tr', { role: 'row' });
    columns.forEach((column, i) => {
      const cell = i === 0
        ? element('th', { role: 'rowheader', scope: 'row', class: column.kind })
        : element('td', { role: 'cell', 'data-name': column.title, class: column.kind });
      cell.append(element('span', {}));
      made.append(cell);
    });
    return made;
  }

  // Each row has a key and the text of its cells; a cell may be { text, kind, meter } as well.
  return rows => {
    const shown = rows.length === 0 ? none : around;
    if (place.firstElementChild !== shown) place.replaceChildren(shown);
    keep(body, rows.map(each => each.key), row);
    rows.forEach((each, r) => each.cells.forEach((value, c) => {
      const cell = body.children[r].children[c];
      const plain = typeof value !== 'object';
      say(cell.firstElementChild, plain ? String(value) : value.text, plain ? '' : value.kind);
      if (!plain && value.meter) meter(cell, value.meter);
    }));
  };
}

function meter(cell, attributes) {
  let shown = cell.querySelector('meter');
  if (!shown) {
    shown = element('meter', { 'aria-hidden': 'true' });
    cell.append(shown);
  }
  for (const key in attributes) {
    if (shown.getAttribute(key) !== String(attributes[key])) shown.setAttribute(key, attributes[key]);
  }
}

const text = title => ({ title, kind: 'text' });
const lines = title => ({ title, kind: 'text lines' });
const figure = title => ({ title, kind: 'figure' });

const tables = {
  operations: table('operations', [text('Deployment'), text('Operation'), figure('Requests/min'), figure('Tokens/min'),
    figure('First byte p50'), figure('First byte p99'), figure('Requests so far')]),
  errors: table('errors', [text('Deployment'), figure('Status'), text('Cause'), figure('Last minute'), figure('So far')]),
  limits: table('limits', [text('Deployment'), text('Caller'), text('Of'), figure('Used'), figure('Refused')]),
  upstreams: table('upstreams', [text('Upstream'), text('Deployment'), text('State'), figure('Open calls'), figure('Calls'),
    figure('Failures')]),
  reloads: table('reloads', [text('When'), text('Asked for by'), lines('What came of it')]),
};

function numbers(values) {
  keep(byId('numbers'), values.map(value => value[0]), () => {
    const made = element('div', {});
    made.append(element('dt', {}));
    made.append(element('dd', {}));
    return made;
  });
  values.forEach((value, i) => {
    say(byId('numbers').children[i].firstElementChild, value[0]);
    say(byId('numbers').children[i].lastElementChild, value[1]);
  });
}

const key = (row, names) => JSON.stringify(names.map(name => row[name]));

function used(limit) {
  return { text: `${number(limit.used)} of ${number(limit.limit)}`,
    meter: { min: 0, max: limit.limit, high: limit.limit * 0.9, optimum: 0, value: Math.min(limit.used, limit.limit) } };
}

function came(reload) {
  if (reload.applied) return { text: 'in force', kind: 'good' };
  const problems = reload.texts || [];
  const more = reload.problems - problems.length;
  const all = problems.concat(more > 0 && problems.length > 0 ? [`and ${more} more`] : []);
  return { text: [`refused, ${reload.problems} ${reload.problems === 1 ? 'problem' : 'problems'}`].concat(all).join('\n'), kind: 'bad' };
}

function draw(status) {
  // Of the first seconds of watching, nothing is concluded for a whole minute.
  const perMinute = 60 / Math.max(status.seconds, 10);
  const recent = status.operations.reduce((sum, row) => sum + row.recent, 0);
  say(byId('state'), (status.ready ? 'Ready' : 'Not ready') + (status.redis === 'away' ? '; Redis is away' : ''),
    status.ready && status.redis !== 'away' ? 'good' : 'bad');
  numbers([
    ['Requests per minute', number(recent * perMinute)],
    ['Open exchanges', number(status.exchanges)],
    ['Open streams', number(status.streams)],
    ['Connections', number(status.connections)],
  ]);
  tables.operations(status.operations.map(row => ({ key: key(row, ['deployment', 'operation']), cells: [named(row.deployment),
    row.operation, number(row.recent * perMinute), number(row.tokens * perMinute), seconds(row.p50), seconds(row.p99),
    number(row.requests)] })));
  tables.errors(status.operations.flatMap(row => row.errors.map(error => ({
    key: key(row, ['deployment', 'operation']) + key(error, ['status', 'cause']),
    cells: [named(row.deployment), error.status, spaced(error.cause), number(error.recent), number(error.all)] }))));
  tables.limits(status.limits.map(row => ({ key: key(row, ['deployment', 'principal', 'unit']),
    cells: [named(row.deployment), named(row.principal), spaced(row.unit), used(row), number(row.refused)] })));
  tables.upstreams(status.upstreams.map(row => ({ key: key(row, ['upstream', 'deployment']), cells: [row.upstream, row.deployment,
    row.coolingSeconds > 0 ? { text: `cools down, ${number(row.coolingSeconds)} s`, kind: 'bad' } : { text: 'in use', kind: 'good' },
    number(row.open), number(row.calls), number(row.failures)] })));
  tables.reloads(status.reloads.map(row => ({ key: row.at,
    cells: [new Date(row.at).toLocaleString(), spaced(row.cause || '–'), came(row)] })));
}

// While it is paused, what comes is only kept: it is drawn when the reader goes on.
let paused = false;
let last = null;
const pause = byId('pause');
pause.addEventListener('click', () => {
  paused = !paused;
  pause.textContent = paused ? 'Go on' : 'Pause';
  if (paused) say(byId('state'), 'Paused at ' + new Date().toLocaleTimeString(), '');
  else if (last) draw(last);
});

const events = new EventSource('/status/events');
events.onmessage = event => {
  last = JSON.parse(event.data);
  if (!paused) draw(last);
};
events.onerror = () => say(byId('state'), 'No connection; trying again.', 'bad');
