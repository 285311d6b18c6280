// Sorting, filtering, folding and pointing. The report says the same without it.
(function () {
  "use strict";
  var each = function (root, what, act) { Array.prototype.forEach.call(root.querySelectorAll(what), act); };
  var compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;

  var key = function (row, column) {
    var cell = row.cells[column];
    var given = cell.getAttribute("data-k");
    return given === null ? cell.textContent.trim() : given;
  };
  each(document, "table.sortable", function (table) {
    var heads = table.tHead.rows[0].cells;
    Array.prototype.forEach.call(heads, function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var up = head.getAttribute("aria-sort") !== "ascending";
        Array.prototype.forEach.call(heads, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        var body = table.tBodies[0];
        Array.prototype.slice.call(body.rows).map(function (row) {
          return { row: row, key: key(row, column) };
        }).sort(function (a, b) {
          var numbers = a.key !== "" && b.key !== "" && isFinite(a.key) && isFinite(b.key);
          return (numbers ? a.key - b.key : compare(a.key, b.key)) * (up ? 1 : -1);
        }).forEach(function (item) { body.appendChild(item.row); });
      });
    });
  });

  each(document, "[data-filter]", function (place) {
    var table = document.getElementById(place.getAttribute("data-filter"));
    var what = place.getAttribute("data-what");
    var box = document.createElement("input");
    var said = document.createElement("span");
    box.type = "search";
    box.placeholder = "Filter " + what;
    box.setAttribute("aria-label", "Filter " + what);
    said.setAttribute("role", "status");
    place.appendChild(box);
    place.appendChild(said);
    box.addEventListener("input", function () {
      var wanted = box.value.toLowerCase();
      var rows = table.tBodies[0].rows;
      var shown = 0;
      Array.prototype.forEach.call(rows, function (row) {
        row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
        shown += row.hidden ? 0 : 1;
      });
      said.textContent = wanted ? shown + " of " + rows.length : "";
    });
  });

  each(document, "[data-fold]", function (place) {
    [["Unfold all", true], ["Fold all", false]].forEach(function (choice) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = choice[0];
      button.addEventListener("click", function () {
        each(document, "details.incident, details.alert", function (d) { d.open = choice[1]; });
      });
      place.appendChild(button);
    });
  });

  var reveal = function () {
    var target = /^#[a-z0-9-]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  // Paper shows every incident; of alerts that share a card, the first in full.
  var folded = [];
  window.addEventListener("beforeprint", function () {
    each(document, "details.incident:not([open])", function (d) { folded.push(d); d.open = true; });
  });
  window.addEventListener("afterprint", function () {
    folded.forEach(function (d) { d.open = false; });
    folded = [];
  });

  each(document, "svg.map", function (map) {
    var choose = function (number) {
      map.classList.toggle("chosen", number !== null);
      var on = {};
      each(map, "g.link", function (line) {
        var a = line.getAttribute("data-a"), b = line.getAttribute("data-b");
        var mine = number !== null && (a === number || b === number);
        line.classList.toggle("on", mine);
        if (mine) { on[a] = on[b] = true; }
      });
      each(map, "g.node", function (node) {
        var mine = node.getAttribute("data-n");
        node.classList.toggle("on", mine === number || on[mine] === true);
      });
    };
    each(map, "g.node", function (node) {
      node.addEventListener("mouseenter", function () { choose(node.getAttribute("data-n")); });
      node.addEventListener("mouseleave", function () { choose(null); });
    });
  });
})();
