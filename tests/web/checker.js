// What a checker of accessibility looks at (RGAA 4.1, WCAG 2.1 AA), on the page as a browser shows it.
(() => {
  const faults = [];
  const say = (rule, what) => faults.push(rule + ': ' + what);
  const seen = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(one).visibility !== 'hidden';
  };
  const name = (one) => (one.getAttribute('aria-label') || one.textContent || '').trim();
  const short = (one) => one.tagName + ' ' + name(one).slice(0, 40);

  if (document.documentElement.lang !== 'fr') say('lang', document.documentElement.lang);
  if (!document.title) say('title', 'none');

  // Contrast of every text that is seen: 4.5, or 3 for large letters.
  const channel = (value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
  };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const colour = (text) => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const met = new Set();
  let texts = 0;
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !parent || parent.closest('svg') || !seen(parent)) continue;
    texts += 1;
    const style = getComputedStyle(parent);
    const ink = light(colour(style.color));
    const paper = light(behind(parent));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const rule = style.color + ' on ' + behind(parent).join(',');
    if (ratio < (large ? 3 : 4.5) && !met.has(rule)) {
      met.add(rule);
      say('contrast', ratio.toFixed(2) + ' ' + rule + ' ' + short(parent));
    }
  }
  // Text of charts stands on paper or on the shape drawn before it under it.
  for (const text of document.querySelectorAll('svg text')) {
    if (!seen(text)) continue;
    const box = text.getBoundingClientRect();
    const [x, y] = [box.left + 2, box.top + box.height / 2];
    let paper = [255, 255, 255];
    for (const shape of text.parentElement.querySelectorAll('rect,path')) {
      const of = shape.getBoundingClientRect();
      if (shape.tagName === 'rect' && of.left <= x && x <= of.right && of.top <= y && y <= of.bottom) {
        paper = colour(getComputedStyle(shape).fill);
      }
    }
    const [ink, back] = [light(colour(getComputedStyle(text).fill)), light(paper)];
    const ratio = (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
    if (ratio < 4.5) say('chart contrast', ratio.toFixed(2) + ' ' + short(text));
  }

  // Names and places.
  const ids = new Map();
  for (const one of document.querySelectorAll('[id]')) ids.set(one.id, (ids.get(one.id) || 0) + 1);
  for (const [id, count] of ids) if (count > 1) say('duplicate id', id);
  for (const one of document.querySelectorAll('[aria-labelledby]')) {
    for (const id of one.getAttribute('aria-labelledby').split(' ')) {
      if (!ids.has(id)) say('labelledby', id);
    }
  }
  for (const one of document.querySelectorAll('a[href],button,summary')) {
    if (!name(one)) say('no name', one.outerHTML.slice(0, 80));
  }
  for (const one of document.querySelectorAll('input')) {
    if (!document.querySelector('label[for="' + one.id + '"]')) say('no label', one.id);
  }
  // Choices of one kind stand together under their legend.
  for (const one of document.querySelectorAll('input[type=radio]')) {
    const set = one.closest('fieldset');
    if (!set || !set.querySelector('legend') || !name(set.querySelector('legend'))) say('no legend', one.id);
  }
  // Everything stands in a landmark, but the link that skips to one.
  for (const one of document.body.children) {
    const skips = one.matches('a.skip[href^="#"]');
    if (!skips && !one.matches('header,nav,main,footer,script')) say('region', short(one));
  }
  let level = 0;
  for (const one of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
    const now = Number(one.tagName[1]);
    if (now > level + 1) say('heading skips', short(one));
    if (!name(one)) say('empty heading', one.id);
    level = now;
  }
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption || !name(table.caption)) say('no caption', short(table));
    for (const head of table.querySelectorAll('th')) {
      if (!head.scope) say('no scope', short(head));
      if (!name(head)) say('empty head', table.caption.textContent);
    }
  }
  for (const drawn of document.querySelectorAll('svg')) {
    if (drawn.getAttribute('role') !== 'img' || !drawn.querySelector('title') || !drawn.querySelector('desc')) {
      say('chart without words', drawn.outerHTML.slice(0, 60));
    }
  }
  for (const one of document.querySelectorAll('[tabindex]')) {
    if (Number(one.tabIndex) > 0) say('tab order', short(one));
  }
  for (const landmark of ['header', 'main', 'footer']) {
    if (document.querySelectorAll(landmark).length !== 1) say('landmark', landmark);
  }

  // Nothing is wider than the window but what scrolls by itself.
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth) {
    const out = [...document.body.querySelectorAll('*')].filter(
      (one) => !one.closest('.scroll') && one.getBoundingClientRect().right > window.innerWidth + 1);
    say('too wide', wide + ' > ' + window.innerWidth + ' ' + out.slice(0, 3).map(short).join(' | '));
  }

  // Every link is followed: where it leads is seen, in each state of the switch that shows it.
  let links = 0;
  const views = [...document.querySelectorAll('input[type=radio]')];
  const follow = () => {
    for (const link of document.querySelectorAll('a[href^="#"]')) {
      if (!seen(link) || link.classList.contains('skip')) continue;
      const target = document.getElementById(link.getAttribute('href').slice(1));
      links += 1;
      if (!target || !seen(target)) say('leads nowhere', short(link));
    }
  };
  const shown = {};
  if (views.length === 0) follow();
  for (const view of views) {
    view.click();
    follow();
    shown[view.id] = ['classique', 'care', 'deux'].map(
      (kind) => [...document.querySelectorAll('section.' + kind)].filter(seen).length);
  }

  const result = document.createElement('pre');
  result.id = 'verdict';
  result.textContent = JSON.stringify({ faults: faults.slice(0, 40), texts, links, shown, width: window.innerWidth });
  document.body.append(result);
})();
