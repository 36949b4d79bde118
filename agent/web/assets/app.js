'use strict';
// The kiosk's screen: shows what the stream says, in the chosen language, and
// takes an outcome away when the stream is silent. Text enters the page as text
// only; nothing here builds markup.

const $ = (id) => document.getElementById(id);

let hello = null;      // what the kiosk said about itself
let view = null;       // what it wants shown
let lost = false;      // the stream is silent
let language = '';
let lastHeard = performance.now();
let source = null;
let turnTimer = 0;

const none = {en: '', dz: ''};
const say = (text) => (text && (text[language] || text.en)) || '';

function put(id, value) {
  const node = $(id);
  if (node.textContent !== value) node.textContent = value; // an unchanged text is not read out again
}

function render() {
  if (!hello) return;
  document.documentElement.lang = language;
  const label = hello.labels;
  const shown = lost || !view
    ? {phase: 'lost', title: label.lost, sentence: label.lost_sentence, next: label.lost_next, age: none, notices: []}
    : view;

  document.body.dataset.phase = shown.phase;
  if (shown.kind) document.body.dataset.kind = shown.kind;
  else delete document.body.dataset.kind;
  document.body.dataset.seq = String(shown.seq || 0);

  put('title', say(shown.title));
  put('sentence', say(shown.sentence));
  put('next', say(shown.next));
  put('age', say(shown.age));
  put('reference-label', say(label.reference));
  put('reference-number', shown.reference || '');
  $('reference').hidden = !shown.reference;
  put('clear', say(label.clear));
  $('clear').hidden = !(hello.token && shown.phase === 'showing');
  put('name', hello.name || 'Dzong');
  renderNotices(shown.notices);
  for (const button of $('languages').children) {
    button.setAttribute('aria-pressed', String(button.lang === language));
  }
}

function renderNotices(notices) {
  const box = $('notices');
  const lines = notices.map((n) => say(n.sentence) + ' ' + say(n.next));
  if (box.dataset.lines === lines.join('\n')) return;
  box.dataset.lines = lines.join('\n');
  box.replaceChildren(...notices.map((n, i) => {
    const p = document.createElement('p');
    p.dataset.severity = n.severity;
    p.textContent = lines[i];
    return p;
  }));
}

// The bar runs out with the turn. If the kiosk does not clear the screen then,
// the screen does.
function startTurn() {
  clearTimeout(turnTimer);
  $('left').getAnimations().forEach((a) => a.cancel());
  if (!view.turn_ms) {
    delete document.body.dataset.turn;
    return;
  }
  document.body.dataset.turn = '';
  $('left').animate([{transform: 'scaleX(1)'}, {transform: 'scaleX(0)'}], {duration: view.turn_ms, fill: 'forwards'});
  const seq = view.seq;
  turnTimer = setTimeout(() => {
    if (view && view.seq === seq) {
      view = hello.idle;
      startTurn();
      render();
    }
  }, view.turn_ms + 2000);
}

function setUp() {
  const names = {en: 'English', dz: 'རྫོང་ཁ'};
  const known = hello.languages.includes(language);
  if (!known) language = hello.default;
  $('languages').replaceChildren(...hello.languages.map((l) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.lang = l;
    button.textContent = names[l] || l;
    button.addEventListener('click', () => {
      language = l;
      render();
    });
    return button;
  }));
  $('languages').hidden = hello.languages.length < 2;
}

function heard() {
  lastHeard = performance.now();
  if (lost) {
    lost = false;
    render();
  }
}

function lose() {
  if (lost) return;
  lost = true;
  clearTimeout(turnTimer);
  view = null; // it may be old by the time the stream is back
  delete document.body.dataset.turn;
  render();
}

function connect() {
  if (source) source.close();
  source = new EventSource('/events');
  source.addEventListener('hello', (e) => {
    hello = JSON.parse(e.data);
    setUp();
    heard();
  });
  source.addEventListener('view', (e) => {
    view = JSON.parse(e.data);
    lost = false;
    heard();
    startTurn();
    render();
  });
  source.addEventListener('beat', heard);
  source.addEventListener('error', lose);
}

$('clear').addEventListener('click', () => {
  fetch('/clear', {method: 'POST', headers: {'X-Dzong-Token': hello.token}}).catch(lose);
});

// A stream that the kiosk refused stays closed, and one that went silent without
// an end never reports an error: both are opened anew from here.
setInterval(() => {
  const patience = 3 * ((hello && hello.heartbeat_ms) || 2000);
  if (performance.now() - lastHeard > patience) {
    lose();
    lastHeard = performance.now();
    connect();
  }
}, 500);

connect();
