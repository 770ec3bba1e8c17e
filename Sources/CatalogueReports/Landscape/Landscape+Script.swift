import CatalogueSearch

extension Landscape {
  /// Search by name, the neighbourhood of a model, and the enlarging of the map. What it knows it reads from the picture.
  static let script: StaticString = """
    <script>
    "use strict";
    (() => {
      const map = document.getElementById("map"), find = document.getElementById("find");
      const found = document.getElementById("found"), near = document.getElementById("near");
      document.getElementById("finder").hidden = false;
      const dots = [...map.querySelectorAll("circle.node")];
      const name = dots.map(dot => dot.firstElementChild.textContent);
      const parent = dots.map(dot => dot.dataset.parent === "" ? -1 : +dot.dataset.parent);
      const children = dots.map(() => []);
      parent.forEach((above, node) => { if (above >= 0) children[above].push(node); });
      const lower = name.map(text => text.toLowerCase());
      const whole = map.getAttribute("viewBox").split(" ").map(Number);
      let view = [...whole];
      const show = next => { view = next; map.setAttribute("viewBox", view.join(" ")); };
      const button = (node, before = "") => {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = before + name[node];
        made.addEventListener("click", () => choose(node, true));
        return made;
      };
      const line = (title, nodes, most = 40) => {
        if (!nodes.length) return [];
        const row = document.createElement("p");
        row.append(title + ": ", ...nodes.slice(0, most).map(node => button(node)));
        if (nodes.length > most) row.append(" and " + (nodes.length - most) + " more");
        return [row];
      };
      const choose = (node, moves) => {
        for (const dot of map.querySelectorAll(".chosen,.close")) dot.classList.remove("chosen", "close");
        const above = [];
        for (let at = parent[node]; at >= 0 && above.length < 1000; at = parent[at]) above.unshift(at);
        const beside = parent[node] < 0 ? [] : children[parent[node]].filter(other => other !== node);
        map.classList.add("chosen");
        dots[node].classList.add("chosen");
        for (const other of [...above, ...children[node], ...beside]) dots[other].classList.add("close");
        const head = document.createElement("p");
        const strong = document.createElement("b");
        strong.textContent = name[node];
        const link = document.createElement("a");
        link.href = "#l" + node;
        link.textContent = "in the list";
        link.addEventListener("click", () => {
          const fold = document.getElementById("l" + node).closest("details");
          if (fold) fold.open = true;
        });
        head.append(strong, " ", link);
        near.replaceChildren(head, ...line("above it", above), ...line("below it", children[node]), ...line("beside it", beside));
        if (moves) {
          const size = Math.min(whole[2], 520), high = size * whole[3] / whole[2];
          show([dots[node].cx.baseVal.value - size / 2, dots[node].cy.baseVal.value - high / 2, size, high]);
        }
      };
      find.addEventListener("input", () => {
        const text = find.value.trim().toLowerCase();
        if (!text) return found.replaceChildren();
        const hits = [];
        let count = 0;
        lower.forEach((other, node) => { if (other.includes(text)) { count++; if (hits.length < 40) hits.push(node); } });
        const words = document.createElement("p");
        words.textContent = count === 0 ? "no model has this in its name" : count > 40 ? count + " models; the first 40:" : count + " found:";
        found.replaceChildren(words, ...hits.map(node => button(node)));
      });
      find.addEventListener("keydown", event => {
        if (event.key !== "Enter") return;
        const text = find.value.trim().toLowerCase();
        const exact = lower.indexOf(text), first = exact >= 0 ? exact : lower.findIndex(other => text && other.includes(text));
        if (first >= 0) choose(first, true);
      });
      document.getElementById("whole").addEventListener("click", () => {
        show([...whole]);
        map.classList.remove("chosen");
        near.replaceChildren();
        for (const dot of map.querySelectorAll(".chosen,.close")) dot.classList.remove("chosen", "close");
      });
      map.addEventListener("wheel", event => {
        event.preventDefault();
        const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
        const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 300)));
        const wide = Math.max(60, Math.min(whole[2] * 1.2, view[2] * factor)), scale = wide / view[2];
        show([point.x - (point.x - view[0]) * scale, point.y - (point.y - view[1]) * scale, wide, view[3] * scale]);
      }, { passive: false });
      let start = null;
      map.addEventListener("pointerdown", event => { start = { x: event.clientX, y: event.clientY, view: [...view], moved: false }; });
      map.addEventListener("pointermove", event => {
        if (!start || !event.buttons) return;
        const matrix = map.getScreenCTM();
        const dx = (event.clientX - start.x) / matrix.a, dy = (event.clientY - start.y) / matrix.d;
        if (Math.abs(event.clientX - start.x) + Math.abs(event.clientY - start.y) > 4) start.moved = true;
        if (start.moved) show([start.view[0] - dx, start.view[1] - dy, view[2], view[3]]);
      });
      map.addEventListener("pointerup", event => {
        const dot = event.target.closest && event.target.closest("circle.node");
        if (dot && start && !start.moved) choose(dots.indexOf(dot), false);
        start = null;
      });
      const asked = dots.findIndex(dot => dot.classList.contains("marked"));
      if (asked >= 0) choose(asked, false);
    })();
    </script>
    """
}
