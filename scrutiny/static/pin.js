// Drop a pin: a click on a map asks who answers at that very point. Without scripts a point is typed instead, and each area of
// the map is a link; by keyboard it stays one. The map says where it lies: metres at its top left corner, and its scale.
export function dropPins(map) {
  const { east, north, scale } = map.dataset;
  map.classList.add("scrutiny-pin");
  map.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    // No pointer (Enter on a link), a new tab wanted, or a link that leads to something other than a place.
    if (event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    if (link && !link.getAttribute("href").startsWith("/places/")) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    const asked = { east: Number(east) + at.x / Number(scale), north: Number(north) - at.y / Number(scale) };
    event.preventDefault();
    window.location.assign(`/find?east=${asked.east.toFixed(1)}&north=${asked.north.toFixed(1)}`);
  });
}
