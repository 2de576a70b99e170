// What of a text stands bold, italic or as a link. Every piece of it goes in as text.

const ELEMENTS = { bold: "b", italic: "i", link: "a" };

// The pieces of a text, each inside the elements of all that marks it. Offsets count UTF-16 units,
// as JavaScript does.
export function marked(text, entities) {
  const edges = new Set([0, text.length]);
  for (const one of entities) edges.add(one.offset).add(one.offset + one.length);
  const cuts = [...edges].filter((at) => at >= 0 && at <= text.length).sort((a, b) => a - b);
  return cuts.slice(1).map((end, n) => {
    const around = entities.filter((one) => one.offset <= cuts[n] && end <= one.offset + one.length);
    return around.reduceRight(inside, document.createTextNode(text.slice(cuts[n], end)));
  });
}

function inside(node, entity) {
  const element = document.createElement(ELEMENTS[entity.kind]);
  element.append(node);
  return entity.kind === "link" ? leadingTo(element, entity.url) : element;
}

// Only to what a phone would open; never to a script.
export function leadingTo(anchor, url) {
  if (/^(https?|tg):/i.test(url)) {
    anchor.href = url;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
  }
  return anchor;
}
