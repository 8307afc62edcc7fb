/** Taps on the map as places, while somebody chooses one: nothing else opens then. */

/**
 * Hear every tap until it is taken back.
 * @param {any} map MapLibre's
 * @param {(place: [number, number]) => void} heard longitude, latitude in EPSG:4326
 * @returns {() => void} stop
 */
export function onTap(map, heard) {
  const tap = ({ lngLat }) => heard([Number(lngLat.lng.toFixed(6)), Number(lngLat.lat.toFixed(6))]);
  map.busy = true;
  map.getCanvas().classList.add("choosing");
  map.on("click", tap);
  return () => {
    map.busy = false;
    map.getCanvas().classList.remove("choosing");
    map.off("click", tap);
  };
}
