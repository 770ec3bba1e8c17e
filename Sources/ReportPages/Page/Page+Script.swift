import Pictures

extension Page {
  /// Sorts and filters tables, shows the names of the cell under the pointer, and saves the data.
  /// The page is complete without it.
  static let script = Markup.trusted(
    """
    <script>
    "use strict";
    (() => {
      const number = text => { const x = parseFloat(text.replace(/,/g, "")); return isNaN(x) ? -Infinity : x; };
      const element = (name, content) => {
        const made = document.createElement(name);
        if (content) made.append(...content);
        return made;
      };
      const few = 20;
      for (const table of document.querySelectorAll("table.sortable")) {
        const body = table.tBodies[0], count = body.rows.length;
        if (count < 2) continue;
        // Rows beyond the first are hidden, and fewer are printed; see ColumnTable.html.
        let limit = Number(table.dataset.first), words = [];
        const texts = new Map();
        const text = row => {
          if (!texts.has(row)) texts.set(row, [...row.cells].map(cell => cell.textContent).join(" ").toLowerCase());
          return texts.get(row);
        };
        let told = () => {};
        const arrange = () => {
          let found = 0;
          for (const row of body.rows) {
            const isFound = words.length === 0 || words.every(word => text(row).includes(word));
            row.hidden = !isFound;
            row.classList.toggle("rest", found >= limit);
            row.classList.toggle("late", found >= Number(table.dataset.paper));
            if (isFound) found += 1;
          }
          told(found);
        };
        if (count > few) {
          const field = element("input"), output = element("output"), more = element("button", ["show all rows"]);
          field.type = "search";
          field.placeholder = "words, in any order";
          more.type = "button";
          told = found => {
            output.textContent = found === count ? "" : found.toLocaleString("en") + " of " + count.toLocaleString("en") + " rows";
            more.hidden = found <= limit;
          };
          field.addEventListener("input", () => {
            words = field.value.toLowerCase().split(/\\s+/).filter(word => word);
            arrange();
          });
          more.addEventListener("click", () => { limit = Infinity; arrange(); });
          const controls = element("p", [element("label", ["Find rows: ", field]), output, more]);
          controls.className = "controls";
          table.parentElement.before(controls);
          told(count);
        }
        [...table.tHead.rows[0].cells].forEach((head, column) => {
          const button = element("button", [head.textContent]);
          if (!head.textContent) return;
          button.type = "button";
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
            arrange();
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
