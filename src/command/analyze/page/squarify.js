/**
 * A squarified treemap: Bruls, Huizing and van Wijk, "Squarified Treemaps", 2000. Rows are laid along the shorter side
 * of what is left; a row grows as long as that makes its worst rectangle less oblong.
 *
 * @param {{ bytes: number }[]} items The largest first.
 * @param {{ x: number, y: number, width: number, height: number }} room
 */
function squarify(items, room) {
    const sized = items.filter((item) => item.bytes > 0);
    const total = sized.reduce((sum, item) => sum + item.bytes, 0);
    const places = [];
    if (total === 0 || room.width <= 0 || room.height <= 0) return places;
    const scale = room.width * room.height / total;
    let { x, y, width, height } = room;
    const worst = (sum, largest, smallest, side) => Math.max(side * side * largest / (sum * sum), sum * sum / (side * side * smallest));
    let start = 0;
    while (start < sized.length) {
        const side = Math.min(width, height);
        const largest = sized[start].bytes * scale;
        let sum = largest;
        let ratio = worst(sum, largest, largest, side);
        let end = start + 1;
        while (end < sized.length) {
            const area = sized[end].bytes * scale;
            const next = worst(sum + area, largest, area, side);
            if (next > ratio) break;
            sum += area;
            ratio = next;
            end += 1;
        }
        const depth = side > 0 ? sum / side : 0;
        let offset = 0;
        for (const item of sized.slice(start, end)) {
            const length = sum > 0 ? item.bytes * scale / sum * side : 0;
            places.push(width >= height
                ? { item, x, y: y + offset, width: depth, height: length }
                : { item, x: x + offset, y, width: length, height: depth });
            offset += length;
        }
        if (width >= height) { x += depth; width = Math.max(0, width - depth); }
        else { y += depth; height = Math.max(0, height - depth); }
        start = end;
    }
    return places;
}
