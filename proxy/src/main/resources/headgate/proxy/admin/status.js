'use strict';
// Draws what /status/events tells. Every text goes in as text, never as HTML.

const byId = id => document.getElementById(id);

function element(name, text, attributes) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const key in attributes || {}) made.setAttribute(key, attributes[key]);
  return made;
}

function replace(place, children) {
  place.replaceChildren.apply(place, children);
  return place;
}

const number = value => value.toLocaleString('en', { maximumFractionDigits: 1 });
const seconds = value => value === undefined ? '–'
  : typeof value !== 'number' ? '> 2000 s'
  : value < 1 ? number(value * 1000) + ' ms' : number(value) + ' s';
const named = name => name === '' ? 'all' : name === '-' ? '(none)' : name === '+' ? '(others)' : name;

// Only rows are drawn anew, so that whoever has gone to a table by keyboard stays there.
function table(id, caption, columns, rows) {
  const place = byId(id);
  if (rows.length === 0) {
    place.replaceChildren(element('p', 'None.', { class: 'none' }));
    return;
  }
  const cells = rows.map(row => row.map((value, i) => {
    const cell = element(i === 0 ? 'th' : 'td', undefined, i === 0 ? { scope: 'row' } : { 'data-name': columns[i] });
    cell.append(value instanceof Node ? value : String(value));
    if (!/^[0-9–>]/.test(cell.textContent)) cell.className = 'text';
    return cell;
  }));
  if (!place.querySelector('tbody')) {
    const made = element('table', undefined, { 'aria-label': caption });
    const head = made.createTHead().insertRow();
    columns.forEach((column, i) => head.append(element('th', column, { scope: 'col', class: cells[0][i].className })));
    made.createTBody();
    const around = element('div', undefined, { class: 'table', tabindex: '0', role: 'region', 'aria-label': caption });
    around.append(made);
    place.replaceChildren(around);
  }
  replace(place.querySelector('tbody'), cells.map(row => replace(element('tr'), row)));
}

function numbers(values) {
  replace(byId('numbers'), values.map(([name, value]) => replace(element('div'), [element('dt', name), element('dd', value)])));
}

function used(limit) {
  const shown = element('span', `${number(limit.used)} of ${number(limit.limit)} `);
  shown.append(element('meter', undefined,
    { min: 0, max: limit.limit, high: limit.limit * 0.9, optimum: 0, value: Math.min(limit.used, limit.limit), 'aria-hidden': 'true' }));
  return shown;
}

function draw(status) {
  // Of the first seconds of watching, nothing is concluded for a whole minute.
  const perMinute = 60 / Math.max(status.seconds, 10);
  const recent = status.operations.reduce((sum, row) => sum + row.recent, 0);
  const state = byId('state');
  const said = (status.ready ? 'Ready' : 'Not ready') + (status.redis === 'away' ? '; Redis is away' : '');
  if (state.textContent !== said) {
    state.textContent = said;
    state.className = status.ready && status.redis !== 'away' ? 'good' : 'bad';
  }
  numbers([
    ['Requests per minute', number(recent * perMinute)],
    ['Open exchanges', number(status.exchanges)],
    ['Open streams', number(status.streams)],
    ['Connections', number(status.connections)],
  ]);
  table('operations', 'Deployments',
    ['Deployment', 'Operation', 'Requests/min', 'Tokens/min', 'First byte p50', 'p99', 'Requests so far'],
    status.operations.map(row => [named(row.deployment), row.operation, number(row.recent * perMinute),
      number(row.tokens * perMinute), seconds(row.p50), seconds(row.p99), number(row.requests)]));
  table('errors', 'Errors', ['Deployment', 'Status', 'Cause', 'Last minute', 'So far'],
    status.operations.flatMap(row => row.errors.map(error =>
      [named(row.deployment), error.status, error.cause.replaceAll('_', ' '), number(error.recent), number(error.all)])));
  table('limits', 'Limits', ['Deployment', 'Caller', 'Of', 'Used', 'Refused'],
    status.limits.map(row => [named(row.deployment), named(row.principal), row.unit.replaceAll('_', ' '), used(row), number(row.refused)]));
  table('upstreams', 'Upstreams', ['Upstream', 'Deployment', 'State', 'Open calls', 'Calls', 'Failures'],
    status.upstreams.map(row => [row.upstream, row.deployment,
      row.coolingSeconds > 0 ? element('span', `cools down, ${number(row.coolingSeconds)} s`, { class: 'bad' }) : element('span', 'in use', { class: 'good' }),
      number(row.open), number(row.calls), number(row.failures)]));
  table('reloads', 'Reloads', ['When', 'What came of it'],
    status.reloads.map(row => [new Date(row.at).toLocaleString(), row.applied ? 'in force' : `refused, ${row.problems} problems`]));
}

const events = new EventSource('/status/events');
events.onmessage = event => draw(JSON.parse(event.data));
events.onerror = () => {
  byId('state').textContent = 'No connection; trying again.';
  byId('state').className = 'bad';
};
