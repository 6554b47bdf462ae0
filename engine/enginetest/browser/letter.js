// Measures a letter as it is laid out: what sticks out, what is too small to
// read or to press, what cannot be told from its ground.
(() => {
  const out = { overflow: document.documentElement.scrollWidth - window.innerWidth, smallest: 1e9, least: 1e9, leastText: "", images: [], buttons: [], columns: [] };
  const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const lum = c => { const f = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }; return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
  const ground = el => { for (let e = el; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > 0.99) return c; } return [255, 255, 255, 1]; };
  const seen = el => { const r = el.getBoundingClientRect(); const s = getComputedStyle(el); return r.width > 1 && r.height > 1 && s.visibility !== "hidden" && s.opacity !== "0"; };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) {
    const el = n.parentElement, s = getComputedStyle(el);
    if (!n.data.replace(/[\s\u00a0]/g, "") || !seen(el) || el.closest("style,script,title")) continue;
    out.smallest = Math.min(out.smallest, parseFloat(s.fontSize));
    const a = lum(rgb(s.color)), b = lum(ground(el)), c = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (c < out.least) { out.least = c; out.leastText = n.data.trim().slice(0, 40) + " " + s.color + " on " + ground(el); }
  }
  for (const i of document.images) {
    const r = i.getBoundingClientRect();
    out.images.push({ src: i.getAttribute("src").slice(0, 30), width: r.width, height: r.height, left: r.left, right: r.right, ratio: i.naturalWidth ? (r.width / r.height) / (i.naturalWidth / i.naturalHeight) : 0 });
  }
  for (const a of document.querySelectorAll("a")) {
    const td = a.closest("td"), s = getComputedStyle(td);
    if (s.borderTopWidth === "2px") { const r = td.getBoundingClientRect(); out.buttons.push({ label: a.textContent, width: r.width, height: r.height }); }
  }
  const rows = new Map();
  for (const k of document.querySelectorAll("div.so-k")) {
    const r = k.getBoundingClientRect();
    if (!rows.has(k.parentElement)) rows.set(k.parentElement, []);
    rows.get(k.parentElement).push({ left: r.left, top: r.top, width: r.width, height: r.height });
  }
  out.columns = [...rows.values()];
  return out;
})()
