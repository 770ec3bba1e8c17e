import Pictures

extension Page {
  /// Sorts tables, shows the names of the cell under the pointer, opens folded sections before printing, and saves the data.
  /// The page is complete without it.
  static let script = Markup.trusted(
    """
    <script>
    "use strict";
    (() => {
      const number = text => { const x = parseFloat(text.replace(/,/g, "")); return isNaN(x) ? -Infinity : x; };
      for (const table of document.querySelectorAll("table.sortable")) {
        const body = table.tBodies[0];
        if (body.rows.length < 2) continue;
        [...table.tHead.rows[0].cells].forEach((head, column) => {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = head.textContent;
          head.replaceChildren(button);
          button.addEventListener("click", () => {
            const isNumber = head.classList.contains("number");
            const first = isNumber ? "descending" : "ascending";
            const other = isNumber ? "ascending" : "descending";
            const order = head.getAttribute("aria-sort") === first ? other : first;
            for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
            head.setAttribute("aria-sort", order);
            const sign = order === "ascending" ? 1 : -1;
            const rows = [...body.rows].map(row => {
              const text = row.cells[column].textContent;
              return { row, key: isNumber ? number(text) : text };
            });
            rows.sort((a, b) => sign * (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
            body.append(...rows.map(entry => entry.row));
          });
        });
      }
      const tip = document.createElement("div");
      tip.id = "tip";
      tip.hidden = true;
      document.body.append(tip);
      for (const data of document.querySelectorAll("script[data-map]")) {
        const picture = document.getElementById(data.dataset.map);
        const map = JSON.parse(data.textContent);
        const origin = picture.dataset;
        picture.addEventListener("pointermove", event => {
          const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
          const column = Math.floor((place.x - origin.x) / origin.cell), row = Math.floor((place.y - origin.y) / origin.cell);
          const cells = map.cells[row];
          tip.hidden = !cells || column < 0 || column >= cells.length;
          if (tip.hidden) return;
          const value = cells[column];
          tip.textContent = map.rows[row] + " · " + map.columns[column] + ": " + (value === null ? "undefined" : value.toFixed(4));
          tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
          tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + "px";
        });
        picture.addEventListener("pointerleave", () => { tip.hidden = true; });
      }
      addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details")) part.open = true; });
      const data = document.getElementById("data"), save = document.getElementById("save");
      if (data && save) {
        save.hidden = false;
        save.addEventListener("click", () => {
          const link = document.createElement("a");
          link.href = URL.createObjectURL(new Blob([data.textContent], { type: "application/json" }));
          link.download = "unmask.json";
          link.click();
        });
      }
    })();
    </script>
    """)
}
