/* A list of any length. All items have the same height; only those that can be seen are in the document. */
"use strict";

/* vss.list(box, height, draw): draw(item, number) makes the element of an item, whose `top` the list sets. */
vss.list = (box, height, draw) => {
  const inner = vss.el("div", "list-inner");
  const spare = 6; // items above and below what is seen
  let items = [];
  let shown = new Map();
  let asked = false;

  const render = () => {
    asked = false;
    const first = Math.max(0, Math.floor(box.scrollTop / height) - spare);
    const last = Math.min(items.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + spare);
    const next = new Map();
    for (let i = first; i < last; i++) {
      let element = shown.get(i);
      if (element === undefined) {
        element = draw(items[i], i);
        element.style.top = `${i * height}px`;
        inner.append(element);
      }
      next.set(i, element);
    }
    for (const [i, element] of shown) {
      if (!next.has(i)) {
        element.remove();
      }
    }
    shown = next;
  };
  const ask = () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(render);
    }
  };

  box.append(inner);
  box.addEventListener("scroll", ask, { passive: true });
  new ResizeObserver(ask).observe(box);
  return {
    /* Other items; the place in the list is kept where `keep` is set. */
    set: (more, keep) => {
      items = more;
      inner.replaceChildren();
      shown = new Map();
      inner.style.height = `${items.length * height}px`;
      if (!keep) {
        box.scrollTop = 0;
      }
      render();
    },
    /* Draws what is seen again. */
    refresh: () => {
      inner.replaceChildren();
      shown = new Map();
      render();
    },
    /* Scrolls as little as makes the item visible; far away items come to the middle. */
    reveal: (number) => {
      const top = number * height;
      const far = top < box.scrollTop - 3 * height || top > box.scrollTop + box.clientHeight + 2 * height;
      if (far) {
        box.scrollTop = top - (box.clientHeight - height) / 2;
      } else if (top < box.scrollTop + height) {
        box.scrollTop = top - height; // with what stands before it, mostly a head
      } else if (top + height > box.scrollTop + box.clientHeight) {
        box.scrollTop = top + height - box.clientHeight;
      }
      render();
    },
    element: (number) => shown.get(number) || null,
  };
};
