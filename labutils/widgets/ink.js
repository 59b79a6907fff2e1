// Drawings in MNIST's form: what mnist_from_drawing in ink.py does, and a test holds the two together.

export const SIZE = 280 // pixels along each side of the canvas
export const PEN = 22 // width of a stroke: two of MNIST's pixels and a bit, when the digit fills the box

// The box that holds all ink, {top, bottom, left, right}, the last ones excluded; null if there is none.
export function inked(pixels, width = SIZE) {
  let top = Infinity, bottom = 0, left = Infinity, right = 0
  pixels.forEach((value, i) => {
    if (!value) return
    const x = i % width, y = (i - x) / width
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
  })
  return bottom ? {top, bottom, left, right} : null
}

// A drawing of more than 20 pixels, scaled to fit 20 x 20, its shape kept, and centred by its mass in 28 x 28: bytes (784).
export function mnistFromDrawing(pixels, box, width = SIZE) {
  const image = new Uint8Array(784)
  const high = box.bottom - box.top, wide = box.right - box.left
  const shrink = 20 / Math.max(high, wide)
  const rows = Math.max(1, rounded(high * shrink)), columns = Math.max(1, rounded(wide * shrink))
  const ink = Array.from({length: high}, (_, y) =>
    resized(pixels.subarray((box.top + y) * width + box.left, (box.top + y) * width + box.right), columns))
  const small = Array.from({length: rows}, () => new Uint8Array(columns))
  for (let x = 0; x < columns; x++) {
    resized(ink.map((line) => line[x]), rows).forEach((value, y) => { small[y][x] = value })
  }
  const masses = {down: small.map(sum), across: Array.from({length: columns}, (_, x) => sum(small.map((line) => line[x])))}
  if (!sum(masses.down)) return image // so faint and so far apart that it is gone
  const top = begin(masses.down), left = begin(masses.across)
  small.forEach((line, y) => image.set(line, (top + y) * 28 + left))
  return image
}

const sum = (values) => values.reduce((total, value) => total + value, 0)

// Where a row of masses begins so that its middle is at 14, and all of it inside 28.
function begin(masses) {
  const middle = sum(masses.map((mass, place) => mass * place)) / sum(masses)
  return Math.min(Math.max(rounded(14 - middle), 0), 28 - masses.length)
}

// A line of numbers in a shorter length: each new one is the average of those whose middles it covers. Which it takes of
// two that lie on its edges is up to the last bit of a number; this is Pillow's way to reckon.
function resized(values, length) {
  const scale = values.length / length
  return Uint8Array.from({length}, (_, place) => {
    const middle = (place + 0.5) * scale
    const first = Math.max(Math.trunc(middle - 0.5 * scale + 0.5), 0)
    const covered = values.slice(first, Math.trunc(middle + 0.5 * scale + 0.5)).filter((_, i) => {
      const away = (i + first - middle + 0.5) * (1 / scale)
      return away > -0.5 && away <= 0.5
    })
    return Math.round(sum(covered) / covered.length)
  })
}

// The nearest whole number, the even one of two that are as near, as Python and NumPy have it.
function rounded(value) {
  const below = Math.floor(value)
  return value - below === 0.5 ? below + (below & 1) : Math.round(value)
}
